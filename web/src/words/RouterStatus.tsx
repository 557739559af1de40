import type { RouterState } from '../api/types';
import { Status } from '../ui/Status';
import { Archived } from './Archived';
import classes from './RouterStatus.module.css';
import { ROUTER } from './states';

interface Props {
  state: RouterState;
  /** Its jobs wait for somebody to let them go on. */
  paused?: boolean;
  archived?: boolean;
  filled?: boolean;
}

/** Whether a router answers, and whether its jobs are paused; one that is archived has no state. */
export function RouterStatus({ state, paused = false, archived = false, filled = false }: Props) {
  if (archived) return <Archived filled={filled} />;
  return (
    <span className={classes.states}>
      <Status {...ROUTER[state]} filled={filled} />
      {paused ? <Status tone="paused" label="Paused" filled={filled} /> : null}
    </span>
  );
}
