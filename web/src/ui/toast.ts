import { plain } from '../format/escape';

/** Says in a corner that something was done or failed. The code for it is fetched when it is first needed. */
export async function toast(message: string, tone: 'good' | 'bad' = 'good'): Promise<void> {
  const { notifications } = await import('@mantine/notifications');
  notifications.show({
    message: plain(message),
    color: tone === 'good' ? 'green.7' : 'red.7',
    autoClose: tone === 'good' ? 4000 : 10_000,
    withBorder: true,
  });
}
