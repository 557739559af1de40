import { useQuery } from '@tanstack/react-query';
import { absencesQuery } from '../../../../api/routers';
import type { Absence, Router } from '../../../../api/types';
import { duration } from '../../../../format/time';
import { At, Lasting } from '../../../../ui/Ago';
import { Failed } from '../../../../ui/Failed';
import { Panel } from '../../../../ui/Panel';
import { Safe } from '../../../../ui/Safe';
import { ScrollTable } from '../../../../ui/ScrollTable';
import { awayWords } from '../../../../words/away';
import classes from './-Routers.module.css';

/** How often IMSys lost the connection to a router, for how long, and why. */
export function AwayPanel({ router }: { router: Router }) {
  const { data, error, refetch } = useQuery(absencesQuery(router.id));
  return (
    <Panel title="Away">
      <dl className={classes.figures}>
        <div>
          <dt>Last 24 h</dt>
          <dd>{awayWords(router.away.day)}</dd>
        </div>
        <div>
          <dt>Last 30 days</dt>
          <dd>{awayWords(router.away.month)}</dd>
        </div>
      </dl>
      {error && !data ? <Failed error={error} onRetry={() => void refetch()} /> : null}
      {data && data.length > 0 ? (
        <div className={classes.absences}>
          <ScrollTable
            label="Times away"
            rows={data}
            rowId={({ from }) => from}
            columns={[
              { header: 'From', cell: ({ from }) => <At at={from} /> },
              { header: 'For', cell: (absence) => <Lasted absence={absence} /> },
              { header: 'Reason', cell: ({ reason }) => <Safe text={reason} /> },
            ]}
          />
        </div>
      ) : null}
    </Panel>
  );
}

function Lasted({ absence: { from, to, seconds } }: { absence: Absence }) {
  return to ? duration(seconds * 1000) : <Lasting at={from} />;
}
