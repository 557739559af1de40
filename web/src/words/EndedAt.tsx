import type { ServiceSession } from '../api/types';
import { At } from '../ui/Ago';
import { Status } from '../ui/Status';

/** When a session ended, or an address by DHCP was given up. */
export function EndedAt({ session: { endedAt, source } }: { session: ServiceSession }) {
  if (endedAt) return <At at={endedAt} />;
  return <Status tone="good" label={source === 'lease' ? 'still leased' : 'still online'} />;
}
