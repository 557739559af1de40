import { Notifications } from '@mantine/notifications';

/** Where `toast` speaks: over the foot of the navigation, where nothing is to be clicked. */
export default function Toaster() {
  return <Notifications position="bottom-left" limit={4} />;
}
