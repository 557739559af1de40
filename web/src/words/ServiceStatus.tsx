import type { ServiceStatus as State } from '../api/types';
import { serverNow } from '../format/now';
import { Status } from '../ui/Status';
import { Archived } from './Archived';
import { SERVICE } from './states';

interface Props {
  status: State;
  suspended?: boolean;
  archived?: boolean;
  since?: string | null;
  filled?: boolean;
}

/** A change this young is shown with a glow. */
const FRESH_MS = 6000;

/** Online, offline or unknown; a service that is cut or archived says so first. */
export function ServiceStatus({ status, suspended = false, archived = false, since, filled = false }: Props) {
  if (archived) return <Archived filled={filled} />;
  const { tone, label } = SERVICE[status];
  const fresh = since != null && serverNow() - Date.parse(since) < FRESH_MS;
  if (suspended) {
    const still = status === 'online' ? ', still online' : '';
    return <Status tone="paused" label={`Suspended${still}`} fresh={fresh} filled={filled} />;
  }
  return <Status key={`${status}${since}`} tone={tone} label={label} fresh={fresh} filled={filled} />;
}
