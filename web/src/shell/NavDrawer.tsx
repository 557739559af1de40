import { Drawer } from '@mantine/core';
import { Navigation } from './Navigation';

/** The navigation of narrow pages. */
export default function NavDrawer({ onClose }: { onClose: () => void }) {
  return (
    <Drawer
      opened
      onClose={onClose}
      position="left"
      size={260}
      padding={0}
      withCloseButton={false}
      attributes={{ content: { 'aria-label': 'Navigation' } }}
    >
      <Navigation />
    </Drawer>
  );
}
