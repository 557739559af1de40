import { type RefObject, useEffect, useRef } from 'react';

/** For a row of tabs that is wider than a phone: brings the chosen one into sight. */
export function useChosenInSight<T extends HTMLElement>(chosen: string): RefObject<T | null> {
  const row = useRef<T>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another choice marks another tab
  useEffect(() => {
    const tab = row.current?.querySelector('[data-active], [data-status=active], [aria-pressed=true]');
    tab?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [chosen]);
  return row;
}
