import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
}

/** A form that slides in from the side; the list stays in sight. There while it is rendered. */
export function Sheet({ title, onClose, children }: Props) {
  return (
    <Drawer
      opened
      onClose={onClose}
      title={<strong>{title}</strong>}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {children}
    </Drawer>
  );
}
