import { Button, SegmentedControl } from '@mantine/core';
import { IconAccessPoint, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { type DeviceFilters, devicesQuery } from '../../../../api/devices';
import { useList } from '../../../../api/lists';
import { archivedRoutersQuery, routersQuery } from '../../../../api/routers';
import type { Device } from '../../../../api/types';
import { count, loss, millis } from '../../../../format/number';
import { useSession, useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { Ago, Lasting } from '../../../../ui/Ago';
import { CopyText } from '../../../../ui/CopyText';
import { DataTable } from '../../../../ui/DataTable';
import { Empty } from '../../../../ui/Empty';
import { Failed } from '../../../../ui/Failed';
import { FilterBar } from '../../../../ui/FilterBar';
import type { FilterField } from '../../../../ui/filters';
import { Page } from '../../../../ui/Page';
import { Panel } from '../../../../ui/Panel';
import { Toolbar } from '../../../../ui/Toolbar';
import { columnsOf } from '../../../../ui/table';
import { WhichOnes } from '../../../../ui/WhichOnes';
import { DeviceStatus } from '../../../../words/DeviceStatus';
import { DeviceLink, RouterLink } from '../../../../words/Links';
import { DEVICE } from '../../../../words/states';
import { texts, wordOf } from '../../../-search';
import { DeviceCard } from './-DeviceCard';
import { useTicks } from './-ticks';

const FILTERS = ['status', 'router', 'archived'] as const;

type Search = { [K in (typeof FILTERS)[number] | 'q' | 'sort' | 'form']?: string };

const AddSheet = lazy(() => import('./-AddSheet'));

export const Route = createFileRoute('/t/$slug/devices/')({
  validateSearch: (search): Search => texts(search, ['q', 'sort', 'form', ...FILTERS]),
  loaderDeps: ({ search: { form: _, ...filters } }) => filters,
  loader: ({ context: { queries }, deps }) => void queries.prefetchInfiniteQuery(devicesQuery(asked(deps))),
  component: DevicesPage,
});

const column = columnsOf<Device>();

const columns = column.columns([
  column.display({
    id: 'name',
    header: 'Device',
    meta: { sort: 'name', card: 'title', width: '16%' },
    cell: ({ row: { original } }) => <DeviceLink id={original.id} name={original.name} />,
  }),
  column.display({
    id: 'status',
    header: 'Status',
    meta: { card: 'corner', width: '13rem' },
    cell: ({ row: { original } }) => <DeviceStatus {...original} />,
  }),
  column.display({
    id: 'since',
    header: 'For',
    meta: { sort: 'since', downFirst: true, width: '5.75rem' },
    cell: ({ row: { original } }) => <Lasting at={original.archivedAt ?? original.since} />,
  }),
  column.display({
    id: 'address',
    header: 'Address',
    meta: { width: '8.75rem' },
    cell: ({ row: { original } }) => <CopyText text={original.address} />,
  }),
  column.display({
    id: 'router',
    header: 'Router',
    meta: {},
    cell: ({ row: { original } }) => <BehindRouter id={original.routerId} />,
  }),
  column.display({
    id: 'latency',
    header: 'Latency',
    meta: { width: '5.25rem', align: 'end' },
    cell: ({ row: { original } }) => (original.archived ? null : millis(original.latencyMs)),
  }),
  column.display({
    id: 'loss',
    header: 'Loss',
    meta: { from: 'md', width: '4.25rem', align: 'end' },
    cell: ({ row: { original } }) => (original.archived ? null : loss(original.lossPct)),
  }),
  column.display({
    id: 'checked',
    header: 'Checked',
    meta: { from: 'lg', width: '6.5rem', align: 'end' },
    cell: ({ row: { original } }) => (original.archived ? null : <Ago at={original.checkedAt} />),
  }),
]);

/** The router that a device is behind; without one this server asks it. */
function BehindRouter({ id }: { id: string | null | undefined }) {
  const routers = useQuery(routersQuery).data?.items;
  const isUnknown = Boolean(id) && routers !== undefined && !routers.some((router) => router.id === id);
  const archived = useQuery({ ...archivedRoutersQuery, enabled: isUnknown }).data?.items;
  const router = [...(routers ?? []), ...(archived ?? [])].find((each) => each.id === id);
  return <RouterLink id={id} name={router?.name} />;
}

function DevicesPage() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const { slug } = useSession().tenant;
  const whyNot = useWhyNot('routers.write');
  const query = asked(search);
  const { rows, total, onEnd, error, refetch } = useList(devicesQuery(query));
  const { q = '', sort, form, ...filters } = search;
  const ticks = useTicks(rows);
  const fields = useFields();
  // What is ticked is out of sight with other filters: it would be forgotten, and then done.
  const show = (next: Search) => {
    ticks.clear();
    void navigate({ search: next, replace: true });
  };
  const add = (
    <ActionButton
      leftSection={<IconPlus size={16} />}
      whyNot={whyNot}
      onClick={() => show({ ...search, form: 'new' })}
    >
      Add devices
    </ActionButton>
  );
  return (
    <Page title="Devices" note={total === undefined ? null : count(total)} actions={add}>
      <Panel flush>
        <Toolbar>
          <FilterBar
            fields={fields}
            q={q}
            filters={filters}
            placeholder="Search name, address… or type status:"
            onChange={(nextQ, nextFilters) => show({ ...nextFilters, q: nextQ || undefined, sort })}
          />
          <SegmentedControl
            size="xs"
            aria-label="Status of the devices"
            data={[
              { value: 'all', label: 'All' },
              ...Object.entries(DEVICE).map(([value, { label }]) => ({ value, label })),
            ]}
            value={query.status ?? 'all'}
            onChange={(status) => show({ ...search, status: status === 'all' ? undefined : status })}
          />
          <WhichOnes
            label="Which devices"
            archived={query.archived === true}
            onChange={(archived) => show({ ...search, archived: archived ? 'true' : undefined })}
          />
        </Toolbar>
        {error && !rows ? (
          <Failed error={error} onRetry={() => void refetch()} />
        ) : (
          <DataTable
            label="Devices"
            columns={columns}
            rows={rows}
            rowId={(device) => device.id}
            total={total}
            sort={sort ?? 'name'}
            onSort={(next) => show({ ...search, sort: next })}
            selection={query.archived ? undefined : ticks.selection}
            card={(device) => <DeviceCard device={device} />}
            onOpen={({ id }) => void navigate({ to: '/t/$slug/devices/$id', params: { slug, id } })}
            onEnd={onEnd}
            empty={
              q || Object.keys(filters).some((key) => key !== 'archived') ? (
                <Empty
                  title="No device matches"
                  actions={
                    <Button variant="default" onClick={() => show({})}>
                      Clear search and filters
                    </Button>
                  }
                >
                  Try fewer filters, or part of a name or address.
                </Empty>
              ) : query.archived ? (
                <Empty title="No archived devices" />
              ) : (
                <Empty icon={<IconAccessPoint size={30} stroke={1.5} />} title="No devices yet" actions={add}>
                  Radios, switches, cameras: paste their IP addresses. Each is asked by ping within seconds,
                  from this server or by the router that it is behind.
                </Empty>
              )
            }
          />
        )}
        {ticks.bar()}
      </Panel>
      {form === 'new' ? (
        <Suspense>
          <AddSheet router={search.router} onClose={() => show({ ...search, form: undefined })} />
        </Suspense>
      ) : null}
    </Page>
  );
}

function useFields(): FilterField[] {
  const routers = useQuery(routersQuery).data?.items ?? [];
  return [
    {
      key: 'status',
      hint: 'up, down or unknown',
      options: Object.entries(DEVICE).map(([value, { label }]) => ({ value, label: label.toLowerCase() })),
    },
    {
      key: 'router',
      hint: 'behind one router',
      options: routers.map(({ id, name }) => ({ value: id, label: name })),
    },
    { key: 'archived', hint: 'archived ones only', options: [{ value: 'true', label: 'yes' }] },
  ];
}

/** The words of the address as the API names them. */
function asked({ q, sort, status, router, archived }: Search): DeviceFilters {
  return {
    q,
    sort,
    status: wordOf(status, DEVICE),
    routerId: router,
    archived: archived === undefined ? undefined : archived === 'true',
  };
}
