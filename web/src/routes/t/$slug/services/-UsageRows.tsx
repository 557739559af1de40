import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Service } from '../../../../api/types';
import { usageQuery } from '../../../../api/usage';
import { plain } from '../../../../format/escape';
import { plural } from '../../../../format/number';
import { useSession } from '../../../../session/session';
import { SmallDayBars } from '../../../../ui/DayBars';
import { Panel } from '../../../../ui/Panel';
import { Safe } from '../../../../ui/Safe';
import { serviceName } from '../../../../words/serviceName';
import classes from './-Usage.module.css';
import { both, everyDay, isCounted } from './-usage';

const DAYS = 30;
/** Each service is asked for by itself. */
const ROWS_MOST = 10;

/** What the services of a customer carried in the last month, each in a line. */
export function UsageRows({ services }: { services: Service[] }) {
  const others = services.length - ROWS_MOST;
  return (
    <Panel title="Usage" aside={`last ${DAYS} days`}>
      <ul className={classes.rows}>
        {services.slice(0, ROWS_MOST).map((service) => (
          <UsageRow key={service.id} service={service} />
        ))}
      </ul>
      <p className={classes.note}>
        {others > 0 ? `The usage of ${plural(others, 'more service')} is on their own pages. ` : null}
        Days are UTC; totals are lower bounds.
      </p>
    </Panel>
  );
}

function UsageRow({ service }: { service: Service }) {
  const { slug } = useSession().tenant;
  const { data, error } = useQuery(usageQuery(service.id, { seconds: DAYS * 86_400 }, 1));
  const name = serviceName(service);
  return (
    <li className={classes.row}>
      <Link to="/t/$slug/services/$id" params={{ slug, id: service.id }} search={{ range: '30d' }}>
        <Safe text={name} />
      </Link>
      {!data ? (
        error ? (
          <span className={classes.total}>{error.message}</span>
        ) : (
          <Skeleton height={34} className={classes.total} />
        )
      ) : !isCounted(data) ? (
        <span className={classes.total}>
          {data.readAt && !data.source
            ? 'nothing counts it on the router'
            : 'nothing counted yet; counters are read every five minutes'}
        </span>
      ) : (
        <>
          <span className={`${classes.total} numbers`}>
            {both(data.total)}
            {data.incomplete ? <span className={classes.lacking}>much is missing: FastTrack</span> : null}
          </span>
          <SmallDayBars
            bars={everyDay(data).map(({ at, day }) => ({ at, parts: day ? [day.down, day.up] : null }))}
            label={`Usage of ${plain(name)} by day: ${both(data.total)}`}
          />
        </>
      )}
    </li>
  );
}
