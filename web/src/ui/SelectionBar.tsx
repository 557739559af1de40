import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ActionButton } from './ActionButton';
import classes from './SelectionBar.module.css';

interface Props {
  /** Names the bar for those who cannot see it. */
  label: string;
  /** How many are ticked, in words. */
  many: string;
  onClear: () => void;
  /** Beside the count: a way to tick more. */
  more?: ReactNode;
  /** What can be done with them. */
  children: ReactNode;
}

/** Below a list whose rows are ticked: how many, and what can be done with them. */
export function SelectionBar({ label, many, onClear, more, children }: Props) {
  return (
    <section className={classes.bar} aria-label={label}>
      <strong className="numbers">{many}</strong>
      {more}
      <ActionButton size="compact-md" variant="subtle" px={6} aria-label="Clear selection" onClick={onClear}>
        <IconX size={16} />
      </ActionButton>
      <span className={classes.acts}>{children}</span>
    </section>
  );
}
