import { IconPlus, IconRouter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { archivedRoutersQuery, routersQuery } from '../../../../api/routers';
import type { Router } from '../../../../api/types';
import { count } from '../../../../format/number';
import { shortDuration } from '../../../../format/time';
import { useSession, useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { Ago, Lasting } from '../../../../ui/Ago';
import { CopyText } from '../../../../ui/CopyText';
import { DataTable } from '../../../../ui/DataTable';
import { Empty } from '../../../../ui/Empty';
import { Failed } from '../../../../ui/Failed';
import { FilterBar } from '../../../../ui/FilterBar';
import { Page } from '../../../../ui/Page';
import { Panel } from '../../../../ui/Panel';
import { Safe } from '../../../../ui/Safe';
import { ShareBar } from '../../../../ui/ShareBar';
import { type SortFields, sorted } from '../../../../ui/sorted';
import { Toolbar } from '../../../../ui/Toolbar';
import { columnsOf } from '../../../../ui/table';
import { WhichOnes } from '../../../../ui/WhichOnes';
import { awayWords } from '../../../../words/away';
import { routerColumns } from '../../../../words/routerColumns';
import { ROUTER } from '../../../../words/states';
import { texts } from '../../../-search';
import classes from './-Routers.module.css';

type Search = { [K in 'q' | 'state' | 'archived' | 'sort']?: string };

export const Route = createFileRoute('/t/$slug/routers/')({
  validateSearch: (search): Search => texts(search, ['q', 'state', 'archived', 'sort']),
  loader: ({ context: { queries } }) => void queries.prefetchQuery(routersQuery),
  component: RoutersPage,
});

const column = columnsOf<Router>();

const columns = column.columns([
  ...routerColumns<Router>(),
  column.display({
    id: 'since',
    header: 'For',
    meta: { sort: 'since', width: '6.5rem' },
    cell: ({ row: { original } }) => <Lasting at={original.archivedAt ?? original.since} />,
  }),
  column.display({
    id: 'services',
    header: 'Services',
    meta: { sort: 'online', width: '16rem', card: 'foot' },
    cell: ({ row: { original } }) => (original.archived ? null : <Services counts={original.services} />),
  }),
  column.display({
    id: 'away',
    header: 'Away in 30 days',
    meta: { sort: 'away', downFirst: true, from: 'md', width: '7.5rem' },
    cell: ({ row: { original } }) =>
      original.archived ? null : awayWords(original.away.month, shortDuration),
  }),
  column.display({
    id: 'address',
    header: 'Address',
    meta: { sort: 'address', from: 'lg', width: '11rem' },
    cell: ({ row: { original } }) => <CopyText text={`${original.address}:${original.port}`} />,
  }),
  column.display({
    id: 'version',
    header: 'RouterOS',
    meta: { sort: 'version', from: 'xl' },
    cell: ({ row: { original } }) => (
      <Safe text={[original.version, original.board].filter(Boolean).join(' · ')} />
    ),
  }),
  column.display({
    id: 'event',
    header: 'Last event',
    meta: { sort: 'event', downFirst: true, from: 'md', width: '7rem', align: 'end' },
    cell: ({ row: { original } }) => (original.archived ? null : <Ago at={original.hooks.lastWebhookAt} />),
  }),
]);

/** What the columns sort by. */
const FIELDS: SortFields<Router> = {
  name: ({ name }) => name,
  state: ({ state }) => state,
  since: ({ archivedAt, since }) => archivedAt ?? since,
  online: ({ services }) => services.online,
  away: ({ archived, away }) => (archived ? null : away.month.seconds),
  address: ({ address, port }) => `${address}:${port}`,
  version: ({ version }) => version,
  event: ({ hooks }) => hooks.lastWebhookAt,
};

function Services({ counts: { online, offline, unknown, total } }: { counts: Router['services'] }) {
  if (total === 0) return 'none';
  const parts = [
    { tone: 'good', word: 'online', count: online },
    { tone: 'bad', word: 'offline', count: offline },
    { tone: 'idle', word: 'unknown', count: unknown },
  ] as const;
  const words = parts.filter((part) => part.count > 0).map((part) => `${count(part.count)} ${part.word}`);
  return (
    <span className={classes.services}>
      <ShareBar parts={[...parts]} />
      <span className="numbers">{words.join(' · ')}</span>
    </span>
  );
}

function RoutersPage() {
  const { q = '', state, archived, sort } = Route.useSearch();
  const navigate = Route.useNavigate();
  const { slug } = useSession().tenant;
  const whyNot = useWhyNot('routers.write');
  const { data, error, refetch } = useQuery(archived === 'true' ? archivedRoutersQuery : routersQuery);
  const found = data?.items.filter((router) => matches(router, q, state));
  const add = (
    <ActionButton
      leftSection={<IconPlus size={16} />}
      whyNot={whyNot}
      onClick={() => void navigate({ to: '/t/$slug/routers/add', params: { slug } })}
    >
      Add router
    </ActionButton>
  );
  return (
    <Page title="Routers" note={found ? count(found.length) : null} actions={add}>
      <Panel flush>
        <Toolbar>
          <FilterBar
            fields={[
              {
                key: 'state',
                hint: 'up, down or unknown',
                options: Object.entries(ROUTER).map(([value, { label }]) => ({
                  value,
                  label: label.toLowerCase(),
                })),
              },
              { key: 'archived', hint: 'removed ones only', options: [{ value: 'true', label: 'yes' }] },
            ]}
            q={q}
            filters={{ ...(state ? { state } : {}), ...(archived ? { archived } : {}) }}
            placeholder="Search name, address, identity…"
            onChange={(nextQ, filters) =>
              void navigate({ search: { q: nextQ || undefined, ...filters, sort }, replace: true })
            }
          />
          <WhichOnes
            label="Which routers"
            archived={archived === 'true'}
            onChange={(next) =>
              void navigate({
                search: { q: q || undefined, sort, ...(next ? { archived: 'true' } : {}) },
                replace: true,
              })
            }
          />
        </Toolbar>
        {error && !data ? (
          <Failed error={error} onRetry={() => void refetch()} />
        ) : (
          <DataTable
            label="Routers"
            columns={columns}
            rows={sorted(found, sort, FIELDS)}
            rowId={(router) => router.id}
            sort={sort}
            onSort={(next) =>
              void navigate({
                search: { q: q || undefined, state, archived, sort: next },
                replace: true,
              })
            }
            onOpen={({ id }) => void navigate({ to: '/t/$slug/routers/$id', params: { slug, id } })}
            empty={
              q || state ? (
                <Empty title="No router matches" />
              ) : archived ? (
                <Empty title="No archived routers" />
              ) : (
                <Empty icon={<IconRouter size={30} stroke={1.5} />} title="No routers yet" actions={add}>
                  Add the first one: it is tested, its customers are imported, and it then reports live. Five
                  minutes.
                </Empty>
              )
            }
          />
        )}
      </Panel>
    </Page>
  );
}

/** All routers are here already, so they are searched here. */
function matches(router: Router, q: string, state: string | undefined): boolean {
  const text = [router.name, router.address, router.identity, router.version, router.board]
    .join(' ')
    .toLowerCase();
  return text.includes(q.trim().toLowerCase()) && (!state || router.state === state);
}
