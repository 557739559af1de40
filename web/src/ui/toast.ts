import { createElement } from 'react';
import { plain } from '../format/escape';
import { ActionToast } from './ActionToast';

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

/** What can be done about what was said, while it is shown. */
export interface ToastAction {
  label: string;
  run: () => void;
}

const SHOWN_MS = { good: 4000, bad: 10_000, action: 15_000 };

/** Says in a corner that something was done or failed. */
export async function toast(
  message: string,
  tone: 'good' | 'bad' = 'good',
  action?: ToastAction,
): Promise<void> {
  wanted = true;
  for (const listener of listeners) listener();
  const { notifications } = await import('@mantine/notifications');
  const close = () => notifications.hide(id);
  const id = notifications.show({
    message: action ? createElement(ActionToast, { message, action, close }) : plain(message),
    color: tone === 'good' ? 'green.7' : 'red.7',
    autoClose: SHOWN_MS[action ? 'action' : tone],
    withBorder: true,
    closeButtonProps: { 'aria-label': 'Close' },
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
