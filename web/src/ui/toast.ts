import { plain } from '../format/escape';

let wanted = false;
const listeners = new Set<() => void>();

/** Whether anything was ever said; until then the code that says it is not fetched. For `useSyncExternalStore`. */
export const toastsWanted = {
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  read: (): boolean => wanted,
};

/** Says in a corner that something was done or failed. */
export async function toast(message: string, tone: 'good' | 'bad' = 'good'): Promise<void> {
  wanted = true;
  for (const listener of listeners) listener();
  const { notifications } = await import('@mantine/notifications');
  notifications.show({
    message: plain(message),
    color: tone === 'good' ? 'green.7' : 'red.7',
    autoClose: tone === 'good' ? 4000 : 10_000,
    withBorder: true,
  });
}

/** Does something, and says in a corner what went wrong; the caller gets the error too. */
export async function attempt<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    void toast((error as Error).message, 'bad');
    throw error;
  }
}
