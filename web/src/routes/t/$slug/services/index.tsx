import { Button, SegmentedControl } from '@mantine/core';
import { IconPlug, IconPlus, IconTableImport } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { fileUrl } from '../../../../api/client';
import { useList } from '../../../../api/lists';
import { overviewQuery } from '../../../../api/overview';
import { plansQuery } from '../../../../api/plans';
import { routersQuery } from '../../../../api/routers';
import { BULK_MOST, type ServiceFilters, serviceIds, servicesQuery } from '../../../../api/services';
import type { Service } from '../../../../api/types';
import { count } from '../../../../format/number';
import { useSession, useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { Ago, Lasting } from '../../../../ui/Ago';
import { CopyText } from '../../../../ui/CopyText';
import { CountTabs } from '../../../../ui/CountTabs';
import { CsvButton } from '../../../../ui/CsvButton';
import { DataTable } from '../../../../ui/DataTable';
import { Empty } from '../../../../ui/Empty';
import { Failed } from '../../../../ui/Failed';
import { FilterBar } from '../../../../ui/FilterBar';
import type { FilterField } from '../../../../ui/filters';
import { Page } from '../../../../ui/Page';
import { Panel } from '../../../../ui/Panel';
import { Safe } from '../../../../ui/Safe';
import { Toolbar } from '../../../../ui/Toolbar';
import { columnsOf } from '../../../../ui/table';
import { attempt } from '../../../../ui/toast';
import { WhichOnes } from '../../../../ui/WhichOnes';
import { CustomerLink, RouterLink, ServiceLink } from '../../../../words/Links';
import { ServiceStatus } from '../../../../words/ServiceStatus';
import { serviceName } from '../../../../words/serviceName';
import { KIND, SERVICE, SOURCE } from '../../../../words/states';
import { WrongMac } from '../../../../words/WrongMac';
import { texts, wordOf } from '../../../-search';
import { ServiceCard } from './-ServiceCard';
import { useTicks } from './-ticks';

const FILTERS = ['status', 'kind', 'router', 'plan', 'customer', 'suspended', 'archived'] as const;

type Search = { [K in (typeof FILTERS)[number] | 'q' | 'sort' | 'form']?: string };

const ServiceSheet = lazy(() => import('./-ServiceSheet'));
const ImportSheet = lazy(() => import('./-ImportSheet'));

export const Route = createFileRoute('/t/$slug/services/')({
  validateSearch: (search): Search => texts(search, ['q', 'sort', 'form', ...FILTERS]),
  loaderDeps: ({ search: { form: _, ...filters } }) => filters,
  loader: ({ context: { queries }, deps }) => void queries.prefetchInfiniteQuery(servicesQuery(asked(deps))),
  component: ServicesPage,
});

const column = columnsOf<Service>();

const columns = column.columns([
  column.display({
    id: 'service',
    header: 'Service',
    meta: { sort: 'username', width: '15%' },
    cell: ({ row: { original: service } }) => <ServiceLink id={service.id} name={serviceName(service)} />,
  }),
  column.display({
    id: 'status',
    header: 'Status',
    meta: { width: '8.5rem' },
    cell: ({ row: { original } }) => (
      <>
        <ServiceStatus {...original} />
        <WrongMac mac={original.wrongMac} />
      </>
    ),
  }),
  column.display({
    id: 'since',
    header: 'For',
    meta: { sort: 'since', width: '6.5rem' },
    cell: ({ row: { original } }) => <Lasting at={original.archivedAt ?? original.since} />,
  }),
  column.display({
    id: 'customer',
    header: 'Customer',
    meta: { sort: 'customerName', width: '17%' },
    cell: ({ row: { original } }) => <CustomerLink id={original.customerId} name={original.customerName} />,
  }),
  column.display({
    id: 'plan',
    header: 'Plan',
    meta: { from: 'lg', width: '16%' },
    cell: ({ row: { original } }) => <Safe text={original.planName} />,
  }),
  column.display({
    id: 'router',
    header: 'Router',
    meta: { width: '11%' },
    cell: ({ row: { original } }) => <RouterLink id={original.routerId} name={original.routerName} />,
  }),
  column.display({
    id: 'address',
    header: 'Address',
    meta: { from: 'md', width: '8.75rem' },
    cell: ({ row: { original } }) => <CopyText text={original.address} />,
  }),
  column.display({
    id: 'mac',
    header: 'MAC',
    meta: { from: 'xl', width: '11.5rem' },
    cell: ({ row: { original } }) => <CopyText text={original.mac} />,
  }),
  column.display({
    id: 'checked',
    header: 'Checked',
    meta: { from: 'lg', width: '6rem', align: 'end' },
    cell: ({ row: { original } }) =>
      original.archived ? null : (
        <span title={original.source ? SOURCE[original.source].long : undefined}>
          <Ago at={original.confirmedAt} />
        </span>
      ),
  }),
]);

function useFields(): FilterField[] {
  const routers = useQuery(routersQuery).data?.items ?? [];
  const plans = useQuery(plansQuery).data?.items ?? [];
  const named = (items: { id: string; name: string }[]) =>
    items.map(({ id, name }) => ({ value: id, label: name }));
  const words = (...values: string[]) => values.map((value) => ({ value, label: value }));
  return [
    { key: 'status', hint: 'online, offline or unknown', options: words('online', 'offline', 'unknown') },
    { key: 'router', hint: 'behind one router', options: named(routers) },
    { key: 'plan', hint: 'with one plan', options: named(plans) },
    {
      key: 'kind',
      hint: 'PPPoE, static or DHCP',
      options: Object.entries(KIND).map(([value, label]) => ({ value, label })),
    },
    {
      key: 'suspended',
      hint: 'suspended or not',
      options: [
        { value: 'true', label: 'yes' },
        { value: 'false', label: 'no' },
      ],
    },
    { key: 'archived', hint: 'archived ones only', options: [{ value: 'true', label: 'yes' }] },
    { key: 'customer', hint: 'of one customer', options: [] },
  ];
}

function ServicesPage() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const { slug } = useSession().tenant;
  const whyNot = useWhyNot('services.write');
  const counts = useQuery(overviewQuery).data?.services;
  const fields = useFields();
  const query = asked(search);
  const { rows, total, onEnd, error, refetch } = useList(servicesQuery(query));
  const { q = '', sort, form, ...filters } = search;
  const ticks = useTicks(rows);
  const chooseAll = async () => ticks.choose(await attempt(serviceIds(query)));
  // What is ticked is out of sight with other filters: it would be forgotten, and then done.
  const show = (next: Search) => {
    ticks.clear();
    void navigate({ search: next, replace: true });
  };
  const part = filters.suspended === 'true' ? 'suspended' : (filters.status ?? 'all');
  const { status: _, suspended: __, ...others } = filters;

  return (
    <Page
      title="Services"
      note={total === undefined ? null : count(total)}
      actions={
        <>
          <ActionButton
            variant="default"
            leftSection={<IconTableImport size={16} />}
            whyNot={whyNot}
            onClick={() => show({ ...search, form: 'import' })}
          >
            Import
          </ActionButton>
          <ActionButton
            leftSection={<IconPlus size={16} />}
            whyNot={whyNot}
            onClick={() => show({ ...search, form: 'new' })}
          >
            Add service
          </ActionButton>
        </>
      }
    >
      {query.archived ? null : (
        <CountTabs
          chosen={part}
          onChoose={(id) => show({ q, sort, ...others, ...PARTS[id] })}
          tabs={[
            { id: 'all', label: 'All', count: counts?.total },
            { id: 'online', label: 'Online', tone: 'good', count: counts?.online },
            { id: 'offline', label: 'Offline', tone: 'bad', count: counts?.offline },
            { id: 'unknown', label: 'Unknown', tone: 'idle', count: counts?.unknown },
            { id: 'suspended', label: 'Suspended', tone: 'paused', count: counts?.suspended },
          ]}
        />
      )}
      <Panel flush>
        <Toolbar>
          <FilterBar
            fields={fields}
            q={q}
            filters={filters}
            placeholder="Search user, customer, address… or type status:"
            onChange={(nextQ, nextFilters) => show({ ...nextFilters, q: nextQ || undefined, sort })}
          />
          <SegmentedControl
            size="xs"
            aria-label="Kind of service"
            data={[
              { value: 'all', label: 'All' },
              ...Object.entries(KIND).map(([value, label]) => ({ value, label })),
            ]}
            value={filters.kind ?? 'all'}
            onChange={(kind) => show({ ...search, kind: kind === 'all' ? undefined : kind })}
          />
          <WhichOnes
            label="Which services"
            archived={query.archived === true}
            onChange={(archived) => show({ ...others, q, sort, archived: archived ? 'true' : undefined })}
          />
          <CsvButton href={fileUrl('/services/export', query)} />
        </Toolbar>
        {error && !rows ? (
          <Failed error={error} onRetry={() => void refetch()} />
        ) : (
          <DataTable
            label="Services"
            columns={columns}
            rows={rows}
            rowId={(service) => service.id}
            total={total}
            sort={sort}
            onSort={(next) => show({ ...search, sort: next })}
            selection={ticks.selection}
            card={(service) => <ServiceCard service={service} />}
            onOpen={({ id }) => void navigate({ to: '/t/$slug/services/$id', params: { slug, id } })}
            onEnd={onEnd}
            empty={
              query.archived && !q && Object.keys(filters).length === 1 ? (
                <Empty title="No archived services" />
              ) : q || Object.keys(filters).length > 0 ? (
                <Empty
                  title="No service matches"
                  actions={
                    <Button variant="default" onClick={() => show({})}>
                      Clear search and filters
                    </Button>
                  }
                >
                  Try fewer filters, or part of a name, address or MAC.
                </Empty>
              ) : (
                <Empty icon={<IconPlug size={30} stroke={1.5} />} title="No services yet">
                  Import them from a router that is already in use or from a file, or add one here.
                </Empty>
              )
            }
          />
        )}
        {ticks.bar({
          archived: query.archived === true,
          total,
          onAll: total !== undefined && total <= BULK_MOST ? () => void chooseAll() : undefined,
        })}
      </Panel>
      {form === 'import' ? (
        <Suspense>
          <ImportSheet onClose={() => show({ ...search, form: undefined })} />
        </Suspense>
      ) : null}
      {form === 'new' ? (
        <Suspense>
          <ServiceSheet
            onClose={() => show({ ...search, form: undefined })}
            onSaved={({ id }) => void navigate({ to: '/t/$slug/services/$id', params: { slug, id } })}
          />
        </Suspense>
      ) : null}
    </Page>
  );
}

const PARTS: Record<string, Search> = {
  all: {},
  online: { status: 'online' },
  offline: { status: 'offline' },
  unknown: { status: 'unknown' },
  suspended: { suspended: 'true' },
};

/** The words of the address as the API names them. */
function asked({
  q,
  sort,
  status,
  kind,
  router,
  plan,
  customer,
  suspended,
  archived,
}: Search): ServiceFilters {
  return {
    q,
    sort,
    status: wordOf(status, SERVICE),
    kind: wordOf(kind, KIND),
    routerId: router,
    planId: plan,
    customerId: customer,
    suspended: suspended === undefined ? undefined : suspended === 'true',
    archived: archived === undefined ? undefined : archived === 'true',
  };
}
