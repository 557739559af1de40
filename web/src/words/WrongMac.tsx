import { plain } from '../format/escape';
import { Status } from '../ui/Status';

/** Another device than the registered one is at a static address. */
export function WrongMac({ mac }: { mac: string | null | undefined }) {
  if (!mac) return null;
  return (
    <span title={`The device at this address is ${plain(mac)}, and another one is registered`}>
      <Status tone="warn" label="Wrong MAC" />
    </span>
  );
}
