import { IconArchive, IconPencil, IconPlus } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createFileRoute, Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { archiveCustomer, customerQuery, eraseHistory, restoreCustomer } from '../../../../api/customers';
import { useList } from '../../../../api/lists';
import { servicesQuery, serviceTotalQuery } from '../../../../api/services';
import type { Customer, Service } from '../../../../api/types';
import { plain } from '../../../../format/escape';
import { count, plural } from '../../../../format/number';
import { useSession, useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { Ago, At, Lasting } from '../../../../ui/Ago';
import { Columns } from '../../../../ui/Columns';
import { Confirm } from '../../../../ui/Confirm';
import { CopyText } from '../../../../ui/CopyText';
import { DataTable } from '../../../../ui/DataTable';
import { Empty } from '../../../../ui/Empty';
import { Facts } from '../../../../ui/Facts';
import { MoreMenu } from '../../../../ui/MoreMenu';
import { Page } from '../../../../ui/Page';
import { PageSkeleton } from '../../../../ui/PageSkeleton';
import { Panel } from '../../../../ui/Panel';
import { Safe } from '../../../../ui/Safe';
import { columnsOf } from '../../../../ui/table';
import { attempt, toast } from '../../../../ui/toast';
import { Archived, ArchivedSince, RestoreButton } from '../../../../words/Archived';
import { RouterLink, ServiceLink } from '../../../../words/Links';
import { ServiceStatus } from '../../../../words/ServiceStatus';
import { serviceName } from '../../../../words/serviceName';
import { texts } from '../../../-search';
import { PageFailed } from '../-PageFailed';
import { useTicks } from '../services/-ticks';
import { UsageRows } from '../services/-UsageRows';

const CustomerSheet = lazy(() => import('./-CustomerSheet'));

const ServiceSheet = lazy(() => import('../services/-ServiceSheet'));

export const Route = createFileRoute('/t/$slug/customers/$id')({
  validateSearch: (search): { form?: string } => texts(search, ['form']),
  loader: ({ context: { queries }, params: { id } }) => {
    void queries.prefetchQuery(customerQuery(id));
    void queries.prefetchInfiniteQuery(servicesQuery({ customerId: id }));
  },
  component: CustomerPage,
});

const column = columnsOf<Service>();

const columns = column.columns([
  column.display({
    id: 'service',
    header: 'Service',
    meta: { card: 'title', width: '8rem' },
    cell: ({ row: { original } }) => <ServiceLink id={original.id} name={serviceName(original)} />,
  }),
  column.display({
    id: 'status',
    header: 'Status',
    meta: { card: 'corner', width: '7.5rem' },
    cell: ({ row: { original } }) => <ServiceStatus {...original} />,
  }),
  column.display({
    id: 'since',
    header: 'For',
    meta: { width: '6rem' },
    cell: ({ row: { original } }) => <Lasting at={original.since} />,
  }),
  column.display({
    id: 'plan',
    header: 'Plan',
    cell: ({ row: { original } }) => <Safe text={original.planName} />,
  }),
  column.display({
    id: 'router',
    header: 'Router',
    meta: { from: 'xl' },
    cell: ({ row: { original } }) => <RouterLink id={original.routerId} name={original.routerName} />,
  }),
  column.display({
    id: 'address',
    header: 'Address',
    meta: { from: 'md', width: '8.75rem' },
    cell: ({ row: { original } }) => <CopyText text={original.address} />,
  }),
  column.display({
    id: 'checked',
    header: 'Checked',
    meta: { from: 'xl', align: 'end', width: '6.5rem' },
    cell: ({ row: { original } }) => <Ago at={original.confirmedAt} />,
  }),
]);

function CustomerPage() {
  const { id } = Route.useParams();
  const { slug } = useSession().tenant;
  const { form } = Route.useSearch();
  const navigate = Route.useNavigate();
  const { data: customer, error, refetch } = useQuery(customerQuery(id));
  const archived = customer?.archived === true;
  const services = useList(servicesQuery(archived ? { customerId: id, archived } : { customerId: id }));
  const ticks = useTicks(services.rows);
  const back = (
    <Link to="/t/$slug/customers" params={{ slug }}>
      Customers
    </Link>
  );
  if (error && !customer) return <PageFailed error={error} onRetry={() => void refetch()} back={back} />;
  if (!customer) return <PageSkeleton />;
  const open = (next?: string) => void navigate({ search: next ? { form: next } : {}, replace: true });
  return (
    <Page
      title={customer.name}
      heading={<Safe text={customer.name} />}
      back={back}
      note={archived ? <Archived filled /> : null}
      sub={archived ? <ArchivedSince at={customer.archivedAt} what="history and services are kept" /> : null}
      actions={<Actions customer={customer} services={services.total ?? 0} onOpen={open} />}
    >
      <Columns aside={<About customer={customer} />}>
        <Panel
          title={archived ? 'Archived services' : 'Services'}
          flush
          aside={archived ? null : <ArchivedServices customer={id} />}
        >
          <DataTable
            label="Services of this customer"
            columns={columns}
            rows={services.rows}
            rowId={(service) => service.id}
            onOpen={(service) =>
              void navigate({
                to: '/t/$slug/services/$id',
                params: { slug, id: service.id },
              })
            }
            onEnd={services.onEnd}
            selection={ticks.selection}
            empty={
              archived ? (
                <Empty title="No archived service" />
              ) : (
                <Empty title="No service yet">
                  Add a service, or give this customer one that exists already.
                </Empty>
              )
            }
          />
          {ticks.bar({ archived })}
        </Panel>
        {services.rows && services.rows.length > 0 ? <UsageRows services={services.rows} /> : null}
        {customer.notes ? (
          <Panel title="Notes">
            <Lines text={customer.notes} />
          </Panel>
        ) : null}
      </Columns>
      {form === 'edit' && !archived ? (
        <Suspense>
          <CustomerSheet customer={customer} onClose={() => open()} onSaved={() => open()} />
        </Suspense>
      ) : null}
      {form === 'service' && !archived ? (
        <Suspense>
          <ServiceSheet
            customer={customer}
            onClose={() => open()}
            onSaved={(service) =>
              void navigate({
                to: '/t/$slug/services/$id',
                params: { slug, id: service.id },
              })
            }
          />
        </Suspense>
      ) : null}
    </Page>
  );
}

/** The way to services that this customer had. */
function ArchivedServices({ customer }: { customer: string }) {
  const { slug } = useSession().tenant;
  const { data: many = 0 } = useQuery(serviceTotalQuery({ customerId: customer, archived: true }));
  if (many === 0) return null;
  return (
    <Link to="/t/$slug/services" params={{ slug }} search={{ customer, archived: 'true' }}>
      {count(many)} archived
    </Link>
  );
}

/** A text of several lines. */
function Lines({ text }: { text: string | null | undefined }) {
  if (!text) return <Safe text={text} />;
  return (
    <span style={{ whiteSpace: 'pre-wrap' }}>
      {text.split('\n').map((row, index) => (
        <span key={index}>
          <Safe text={row} none="" />
          {'\n'}
        </span>
      ))}
    </span>
  );
}

function About({ customer }: { customer: Customer }) {
  return (
    <Panel title="About">
      <Facts
        items={[
          ['Reference', <CopyText key="r" text={customer.reference} />],
          ['Phone', <CopyText key="p" text={customer.phone} />],
          ['E-mail', <CopyText key="e" text={customer.email} />],
          ['Address', <Lines key="a" text={customer.address} />],
          ['Added', <At key="d" at={customer.createdAt} />],
        ]}
      />
    </Panel>
  );
}

function Actions({
  customer,
  services,
  onOpen,
}: {
  customer: Customer;
  services: number;
  onOpen: (form: string) => void;
}) {
  const whyNot = useWhyNot('customers.write');
  const held =
    services > 0 ? `${plural(services, 'service')} still belong to this customer. Archive them first.` : null;
  const whyNoService = useWhyNot('services.write');
  const whyNoErasing = useWhyNot('tenant.settings');
  const queries = useQueryClient();
  const [asking, setAsking] = useState<'archive' | 'erase' | null>(null);
  const erase = async () => {
    const { erased } = await attempt(eraseHistory(customer));
    void toast(`${plural(erased, 'record')} of ${customer.name} erased`);
    void queries.invalidateQueries();
  };
  const archive = async () => {
    await attempt(archiveCustomer(customer));
    void toast(`${customer.name} archived`);
    void queries.invalidateQueries();
  };
  return (
    <>
      {customer.archived ? (
        <RestoreButton name={plain(customer.name)} whyNot={whyNot} work={() => restoreCustomer(customer)} />
      ) : (
        <>
          <ActionButton
            leftSection={<IconPlus size={16} />}
            whyNot={whyNoService}
            onClick={() => onOpen('service')}
          >
            Add service
          </ActionButton>
          <ActionButton
            variant="default"
            leftSection={<IconPencil size={16} />}
            whyNot={whyNot}
            onClick={() => onOpen('edit')}
          >
            Edit
          </ActionButton>
          <ActionButton
            variant="default"
            leftSection={<IconArchive size={16} />}
            whyNot={whyNot ?? held}
            onClick={() => setAsking('archive')}
          >
            Archive
          </ActionButton>
        </>
      )}
      <MoreMenu
        items={[
          {
            label: 'Erase history…',
            whyNot: whyNoErasing,
            danger: true,
            onClick: () => setAsking('erase'),
          },
        ]}
      />
      <Confirm
        opened={asking === 'erase'}
        onClose={() => setAsking(null)}
        title={`Erase the history of ${plain(customer.name)}?`}
        confirm="Erase for good"
        onConfirm={erase}
      >
        Every session that has ended, with its addresses, and every change of status of{' '}
        {plural(services, 'service')} of this customer are deleted for good. The audit log keeps that it was
        done, and by whom. The customer, the services and open sessions stay.
      </Confirm>
      <Confirm
        opened={asking === 'archive'}
        onClose={() => setAsking(null)}
        title={`Archive ${plain(customer.name)}?`}
        confirm="Archive"
        onConfirm={archive}
      >
        Nothing is deleted: the history of this customer is kept, and the customer can be restored.
      </Confirm>
    </>
  );
}
