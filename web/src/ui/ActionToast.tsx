import { Button, Group } from '@mantine/core';
import { plain } from '../format/escape';
import type { ToastAction } from './toast';

interface Props {
  message: string;
  action: ToastAction;
  close: () => void;
}

/** What was done, with a button that takes it back. */
export function ActionToast({ message, action, close }: Props) {
  const run = () => {
    close();
    action.run();
  };
  return (
    <Group justify="space-between" gap="sm" wrap="nowrap">
      <span>{plain(message)}</span>
      <Button size="compact-sm" variant="light" onClick={run}>
        {action.label}
      </Button>
    </Group>
  );
}
