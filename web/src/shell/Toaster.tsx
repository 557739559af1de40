import { Notifications } from '@mantine/notifications';

/** Where `toast` speaks. */
export default function Toaster() {
  return <Notifications position="bottom-right" limit={4} />;
}
