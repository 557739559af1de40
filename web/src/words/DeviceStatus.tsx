import type { DeviceReason, DeviceStatus as State } from '../api/types';
import { serverNow } from '../format/now';
import { Status } from '../ui/Status';
import { Archived } from './Archived';
import classes from './DeviceStatus.module.css';
import { DEVICE, DEVICE_REASON } from './states';

interface Props {
  status: State;
  reason?: DeviceReason | null;
  archived?: boolean;
  since?: string | null;
  filled?: boolean;
  /** Without the reason, which is said elsewhere. */
  brief?: boolean;
}

/** A change this young is shown with a glow. */
const FRESH_MS = 6000;

/** Up, down or unknown, and why; one that is archived has no status. */
export function DeviceStatus({
  status,
  reason,
  archived = false,
  since,
  filled = false,
  brief = false,
}: Props) {
  if (archived) return <Archived filled={filled} />;
  const fresh = since != null && serverNow() - Date.parse(since) < FRESH_MS;
  const word = reason && !brief ? DEVICE_REASON[reason] : null;
  return (
    <span className={classes.status}>
      <Status key={`${status}${since}`} {...DEVICE[status]} fresh={fresh} filled={filled} />
      {word ? (
        <span className={classes.reason} title={word.long}>
          {word.label}
        </span>
      ) : null}
    </span>
  );
}
