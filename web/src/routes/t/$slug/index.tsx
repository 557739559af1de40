import { useQuery } from '@tanstack/react-query';
import { createFileRoute, Link } from '@tanstack/react-router';
import { overviewQuery, trendQuery } from '../../../api/overview';
import { serviceTotalQuery } from '../../../api/services';
import type { Overview, ServiceKind } from '../../../api/types';
import { count, plural } from '../../../format/number';
import { useSession } from '../../../session/session';
import { Failed } from '../../../ui/Failed';
import { Page } from '../../../ui/Page';
import { PageSkeleton } from '../../../ui/PageSkeleton';
import { Panel } from '../../../ui/Panel';
import { ShareBar } from '../../../ui/ShareBar';
import { Glyph, type Tone } from '../../../ui/Status';
import { texts } from '../../-search';
import { Checklist } from './-overview/Checklist';
import { onlineNow } from './-overview/now';
import classes from './-overview/Overview.module.css';
import { Recent } from './-overview/Recent';
import { TrendPanel } from './-overview/TrendPanel';
import { TroubleList } from './-overview/TroubleList';

export const Route = createFileRoute('/t/$slug/')({
  validateSearch: (search): { trend?: string } => texts(search, ['trend']),
  loader: ({ context: { queries } }) => {
    void queries.prefetchQuery(overviewQuery);
    void queries.prefetchQuery(trendQuery('day'));
  },
  component: OverviewPage,
});

function OverviewPage() {
  const { tenant } = useSession();
  const { trend } = Route.useSearch();
  const navigate = Route.useNavigate();
  const { data, error, refetch } = useQuery(overviewQuery);
  if (error && !data) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  const finished = Object.values(data.checklist).every(Boolean);
  return (
    <Page title={tenant.name}>
      {finished ? null : <Checklist checklist={data.checklist} />}
      <div className={classes.top}>
        <ServicesNow counts={data.services} />
        <RoutersNow counts={data.routers} unknownUsers={data.unknownUsers} />
      </div>
      {data.services.total > 0 ? (
        <TrendPanel
          range={trend}
          onRange={(next) => void navigate({ search: { trend: next }, replace: true })}
        />
      ) : null}
      <div className={classes.columns}>
        <Recent changes={data.recent} />
        <TroubleList trouble={data.trouble} routers={data.routers} />
      </div>
    </Page>
  );
}

function ServicesNow({ counts }: { counts: Overview['services'] }) {
  const { slug } = useSession().tenant;
  const figures = [
    { tone: 'good', label: 'Online', count: counts.online, search: { status: 'online' } },
    { tone: 'bad', label: 'Offline', count: counts.offline, search: { status: 'offline' } },
    { tone: 'idle', label: 'Unknown', count: counts.unknown, search: { status: 'unknown' } },
    { tone: 'paused', label: 'Suspended', count: counts.suspended, search: { suspended: 'true' } },
  ] as const satisfies { tone: Tone; label: string; count: number; search: object }[];
  return (
    <Panel
      title={plural(counts.total, 'service')}
      aside={<span className="numbers">{onlineNow(counts)}</span>}
      className={classes.services}
    >
      <div className={classes.figures}>
        {figures.map(({ tone, label, count: number, search }) => (
          <Link
            key={label}
            to="/t/$slug/services"
            params={{ slug }}
            search={search}
            className={classes.figure}
          >
            <span className={classes.number}>{count(number)}</span>
            <span className={classes.name}>
              <Glyph tone={tone} />
              {label}
            </span>
          </Link>
        ))}
      </div>
      <ShareBar parts={figures.slice(0, 3)} />
      <p className={classes.kinds}>
        <OfKind kind="static" words="with a fixed address" />
        <OfKind kind="dhcp" words="by DHCP" />
      </p>
    </Panel>
  );
}

/** How many of them are of a kind that does not log in; nothing where none is. */
function OfKind({ kind, words }: { kind: ServiceKind; words: string }) {
  const { slug } = useSession().tenant;
  const total = useQuery(serviceTotalQuery({ kind })).data ?? 0;
  const online = useQuery(serviceTotalQuery({ kind, status: 'online' })).data ?? 0;
  const unknown = useQuery(serviceTotalQuery({ kind, status: 'unknown' })).data ?? 0;
  if (total === 0) return null;
  return (
    <span>
      <Link to="/t/$slug/services" params={{ slug }} search={{ kind }}>
        {count(total)} {words}
      </Link>
      , {unknown === total ? 'all of them unknown' : `${count(online)} of them online`}
    </span>
  );
}

function RoutersNow({ counts, unknownUsers }: { counts: Overview['routers']; unknownUsers: number }) {
  const { slug } = useSession().tenant;
  return (
    <Panel
      title={plural(counts.total, 'router')}
      aside={
        <Link to="/t/$slug/routers" params={{ slug }}>
          All routers
        </Link>
      }
    >
      <div className={classes.figures}>
        {(
          [
            ['good', 'Up', counts.up],
            ['bad', 'Down', counts.down],
            ['idle', 'Unknown', counts.unknown],
          ] as const
        ).map(([tone, label, number]) => (
          <Link key={label} to="/t/$slug/routers" params={{ slug }} className={classes.figure}>
            <span className={classes.number}>{count(number)}</span>
            <span className={classes.name}>
              <Glyph tone={tone} />
              {label}
            </span>
          </Link>
        ))}
      </div>
      {unknownUsers > 0 ? (
        <p className={classes.notice}>
          Routers reported {plural(unknownUsers, 'unknown PPPoE user')}.{' '}
          <Link to="/t/$slug/routers" params={{ slug }}>
            Open a router
          </Link>{' '}
          to see and import them.
        </p>
      ) : (
        <ShareBar
          parts={[
            { tone: 'good', count: counts.up },
            { tone: 'bad', count: counts.down },
            { tone: 'idle', count: counts.unknown },
          ]}
        />
      )}
    </Panel>
  );
}
