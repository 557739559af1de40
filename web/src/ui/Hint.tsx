import { lazy, type ReactElement, Suspense } from 'react';

const Tooltip = lazy(async () => {
  await new Promise((resolve) => setTimeout(resolve, LATER_MS));
  return { default: (await import('@mantine/core')).Tooltip };
});

/** After the first paint, which it would compete with. */
const LATER_MS = 1500;

/** Says more about its one child when pointed at or focused. */
export function Hint({ label, children }: { label: string; children: ReactElement }) {
  return (
    <Suspense fallback={children}>
      <Tooltip label={label}>{children}</Tooltip>
    </Suspense>
  );
}
