import { Group, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { ActionButton } from './ActionButton';
import { CodeBlock } from './CodeBlock';

interface Props {
  /** What to do with it. */
  words: ReactNode;
  link: string;
  onClose: () => void;
}

/** A link with a secret in it, which nobody can ask for a second time. */
export function LinkOnce({ words, link, onClose }: Props) {
  return (
    <Stack gap="sm">
      <span>{words} It is shown once and works once.</span>
      <CodeBlock text={link} label="the link" />
      <Group justify="flex-end">
        <ActionButton onClick={onClose}>Done</ActionButton>
      </Group>
    </Stack>
  );
}
