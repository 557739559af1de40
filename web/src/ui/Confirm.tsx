import { Button, Group, Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';

interface Props {
  opened: boolean;
  onClose: () => void;
  /** The question, naming what it is about. */
  title: ReactNode;
  /** What follows from it, with counts. */
  children: ReactNode;
  /** The verb on the button. */
  confirm: string;
  tone?: 'red' | 'brand';
  /** Resolves when it is done; the dialog stays open until then, and when it fails. */
  onConfirm: () => Promise<unknown>;
}

/** Asks before something that cannot be taken back lightly. */
export function Confirm({ opened, onClose, title, children, confirm, tone = 'red', onConfirm }: Props) {
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await onConfirm();
      onClose();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={<strong>{title}</strong>}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div>{children}</div>
      <Group justify="flex-end" mt="lg" gap="sm">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          color={tone === 'red' ? 'red.8' : tone}
          loading={busy}
          onClick={() => void run().catch(() => undefined)}
        >
          {confirm}
        </Button>
      </Group>
    </Modal>
  );
}
