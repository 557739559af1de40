import { useSyncExternalStore } from 'react';

/**
 * One clock for everything on the screen that shows an age: it ticks once a second while anybody looks. It shows the
 * server's time, so that a laptop with a wrong clock does not show a customer as seen "in 4 minutes".
 */

const TICK_MS = 1000;
/** Below this, the difference is the travel of the answer and the whole seconds of its `Date` header. */
const TOLERATED_MS = 3000;

const listeners = new Set<() => void>();
let offset = 0;
let current = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** Sets the clock by the `Date` header of an answer that just arrived. */
export function setClock(header: string | null): void {
  const server = Date.parse(header ?? '');
  if (Number.isNaN(server)) return;
  const difference = server - Date.now();
  offset = Math.abs(difference) > TOLERATED_MS ? difference : 0;
}

/** The server's time now, in ms. */
export const serverNow = (): number => Date.now() + offset;

/** The server's time, in ms, renewed every second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => current);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (!timer) {
    current = serverNow();
    timer = setInterval(tick, TICK_MS);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  current = serverNow();
  for (const listener of listeners) listener();
}
