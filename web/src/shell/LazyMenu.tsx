import { UnstyledButton } from '@mantine/core';
import { type ComponentType, lazy, type ReactNode, Suspense, useMemo, useState } from 'react';

interface Props {
  /** The menu with its own button; it opens by itself when it arrives. */
  load: () => Promise<{ default: ComponentType }>;
  className: string | undefined;
  label?: string;
  children: ReactNode;
}

/** The button of a menu whose code is fetched when somebody reaches for it. */
export function LazyMenu({ load, className, label, children }: Props) {
  const [wanted, setWanted] = useState(false);
  const Opened = useMemo(() => lazy(load), [load]);
  const button = (
    <UnstyledButton
      className={className}
      aria-label={label}
      aria-haspopup="menu"
      onPointerEnter={() => void load()}
      onClick={() => setWanted(true)}
    >
      {children}
    </UnstyledButton>
  );
  return wanted ? (
    <Suspense fallback={button}>
      <Opened />
    </Suspense>
  ) : (
    button
  );
}
