import type { RecentChange } from '../../../../api/types';
import { serverNow } from '../../../../format/now';
import { Ago } from '../../../../ui/Ago';
import { Empty } from '../../../../ui/Empty';
import { Panel } from '../../../../ui/Panel';
import { RouterLink, ServiceLink } from '../../../../words/Links';
import { ServiceStatus } from '../../../../words/ServiceStatus';
import { SOURCE } from '../../../../words/states';
import classes from './Overview.module.css';

const FRESH_MS = 4000;

/** Who went online or offline, the newest first, as it happens. */
export function Recent({ changes }: { changes: RecentChange[] }) {
  return (
    <Panel title="What changed just now" flush>
      {changes.length === 0 ? (
        <Empty title="Nothing has changed yet">
          The next customer who connects or drops appears here by itself.
        </Empty>
      ) : (
        <ul className={classes.feed}>
          {changes.map((change) => (
            <Change key={`${change.serviceId} ${change.at}`} change={change} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Change({ change }: { change: RecentChange }) {
  const fresh = serverNow() - Date.parse(change.at) < FRESH_MS;
  return (
    <li className={classes.change} data-fresh={fresh || undefined}>
      <span className={classes.dim}>
        <Ago at={change.at} />
      </span>
      <ServiceStatus status={change.status} />
      <span>
        <ServiceLink id={change.serviceId} name={change.customerName ?? change.username} />
      </span>
      <span className={classes.where}>
        <RouterLink id={change.routerId} name={change.routerName} />
      </span>
      <span className={`${classes.dim} ${classes.where}`} title={SOURCE[change.source].long}>
        {SOURCE[change.source].label}
      </span>
    </li>
  );
}
