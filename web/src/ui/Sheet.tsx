import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
  /** Room for a table. */
  wide?: boolean;
}

/** A form that slides in from the side; the list stays in sight. There while it is rendered. */
export function Sheet({ title, onClose, children, wide = false }: Props) {
  return (
    <Drawer
      opened
      {...(wide ? { size: 'xl' } : {})}
      onClose={onClose}
      title={<strong>{title}</strong>}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {children}
    </Drawer>
  );
}
