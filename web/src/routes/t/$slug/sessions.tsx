import { TextInput } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { fileUrl } from '../../../api/client';
import { useList } from '../../../api/lists';
import { routersQuery } from '../../../api/routers';
import { type SessionFilters, sessionsQuery } from '../../../api/sessions';
import type { ServiceSession } from '../../../api/types';
import { count } from '../../../format/number';
import { duration } from '../../../format/time';
import { At, Lasting } from '../../../ui/Ago';
import { CopyText } from '../../../ui/CopyText';
import { CsvButton } from '../../../ui/CsvButton';
import { DataTable } from '../../../ui/DataTable';
import { Empty } from '../../../ui/Empty';
import { Failed } from '../../../ui/Failed';
import { FilterBar } from '../../../ui/FilterBar';
import { Page } from '../../../ui/Page';
import { Panel } from '../../../ui/Panel';
import { Toolbar } from '../../../ui/Toolbar';
import { columnsOf } from '../../../ui/table';
import { EndedAt } from '../../../words/EndedAt';
import { EndedBy } from '../../../words/EndedBy';
import { CustomerLink, RouterLink, ServiceLink } from '../../../words/Links';
import { texts } from '../../-search';

interface Search {
  q?: string;
  router?: string;
  from?: string;
  to?: string;
  /** A moment of the reader, to the minute, as the field gives it. */
  at?: string;
  sort?: string;
}

export const Route = createFileRoute('/t/$slug/sessions')({
  validateSearch: (search): Search => texts(search, ['q', 'router', 'from', 'to', 'at', 'sort']),
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queries }, deps }) => void queries.prefetchInfiniteQuery(sessionsQuery(asked(deps))),
  component: SessionsPage,
});

const column = columnsOf<ServiceSession>();

const columns = column.columns([
  column.display({
    id: 'user',
    header: 'User',
    meta: { card: 'title', width: '11%' },
    cell: ({ row: { original } }) => (
      <ServiceLink id={original.serviceId} name={original.username || original.address} />
    ),
  }),
  column.display({
    id: 'customer',
    header: 'Customer',
    meta: { width: '15%' },
    cell: ({ row: { original } }) => <CustomerLink id={original.customerId} name={original.customerName} />,
  }),
  column.display({
    id: 'address',
    header: 'Address',
    meta: { width: '8.5rem' },
    cell: ({ row: { original } }) => <CopyText text={original.address} />,
  }),
  column.display({
    id: 'mac',
    header: 'MAC',
    meta: { width: '10.5rem', from: 'md' },
    cell: ({ row: { original } }) => <CopyText text={original.mac} />,
  }),
  column.display({
    id: 'started',
    header: 'Started',
    meta: { sort: 'startedAt', downFirst: true, width: '10rem' },
    cell: ({ row: { original } }) => <At at={original.startedAt} />,
  }),
  column.display({
    id: 'ended',
    header: 'Ended',
    meta: { width: '10rem' },
    cell: ({ row: { original } }) => <EndedAt session={original} />,
  }),
  column.display({
    id: 'lasted',
    header: 'Lasted',
    meta: { from: 'xl', width: '7rem', card: 'corner' },
    cell: ({
      row: {
        original: { startedAt, endedAt },
      },
    }) => (endedAt ? duration(Date.parse(endedAt) - Date.parse(startedAt)) : <Lasting at={startedAt} />),
  }),
  column.display({
    id: 'router',
    header: 'Router',
    meta: { from: 'lg' },
    cell: ({ row: { original } }) => <RouterLink id={original.routerId} name={original.routerName} />,
  }),
  column.display({
    id: 'cause',
    header: 'Ended by',
    meta: { from: 'xl' },
    cell: ({ row: { original } }) => <EndedBy cause={original.cause} />,
  }),
]);

/** The ends of the range of days, each with the pixels that its name takes. */
const DAYS = [
  { end: 'from', label: 'From', room: 48 },
  { end: 'to', label: 'To', room: 34 },
] as const;

function SessionsPage() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const routers = useQuery(routersQuery).data?.items ?? [];
  const query = asked(search);
  const { rows, total, onEnd, error, refetch } = useList(sessionsQuery(query));
  const { q = '', router } = search;
  const isNarrowed = Object.entries(search).some(([key, value]) => key !== 'sort' && value);
  const show = (next: Search) => void navigate({ search: next, replace: true });
  return (
    <Page title="Sessions" note={total === undefined ? null : count(total)}>
      <Panel flush>
        <Toolbar>
          <FilterBar
            fields={[
              {
                key: 'router',
                hint: 'on one router',
                options: routers.map(({ id, name }) => ({ value: id, label: name })),
              },
            ]}
            q={q}
            filters={router ? { router } : {}}
            placeholder="Who had this address? Address, MAC, customer, user…"
            onChange={(nextQ, filters) => show({ ...search, q: nextQ || undefined, router: filters.router })}
          />
          <TextInput
            type="datetime-local"
            aria-label="At this moment"
            leftSection={<span aria-hidden>At</span>}
            leftSectionWidth={34}
            value={search.at ?? ''}
            onChange={(event) => show({ ...search, at: event.currentTarget.value || undefined })}
          />
          {DAYS.map(({ end, label, room }) => (
            <TextInput
              key={end}
              type="date"
              aria-label={`${label} day`}
              leftSection={<span aria-hidden>{label}</span>}
              leftSectionWidth={room}
              value={search[end] ?? ''}
              onChange={(event) => show({ ...search, [end]: event.currentTarget.value || undefined })}
            />
          ))}
          <CsvButton href={fileUrl('/sessions/export', query)} />
        </Toolbar>
        {error && !rows ? (
          <Failed error={error} onRetry={() => void refetch()} />
        ) : (
          <DataTable
            label="Sessions"
            columns={columns}
            rows={rows}
            rowId={(session) => session.id}
            total={total}
            sort={search.sort ?? '-startedAt'}
            onSort={(sort) => show({ ...search, sort })}
            onEnd={onEnd}
            empty={
              <Empty
                icon={<IconHistory size={30} stroke={1.5} />}
                title={isNarrowed ? 'No session matches' : 'No sessions yet'}
              >
                {isNarrowed
                  ? 'Search by customer, user name, address or MAC; a moment or a range of days narrows it down.'
                  : 'Every connection of a PPPoE customer, and every address of a DHCP customer, is kept here for years, as set for this installation.'}
              </Empty>
            }
          />
        )}
      </Panel>
    </Page>
  );
}

/** Days are days of the reader: from the first moment of `from` to the last of `to`; a moment counts instead. */
function asked({ q, router, from, to, at, sort }: Search): SessionFilters {
  return {
    ...(q ? { q } : {}),
    ...(router ? { routerId: router } : {}),
    ...(sort ? { sort } : {}),
    ...(at ? moment('from', at, ':00') : moment('from', from, 'T00:00:00')),
    ...(at ? moment('to', at, ':59.999') : moment('to', to, 'T23:59:59.999')),
  };
}

function moment(name: 'from' | 'to', day: string | undefined, time: string): { from?: string; to?: string } {
  const date = new Date(`${day ?? ''}${time}`);
  return Number.isNaN(date.getTime()) ? {} : { [name]: date.toISOString() };
}
