import { Button } from '@mantine/core';
import { IconPlus, IconUsers } from '@tabler/icons-react';
import { createFileRoute } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { fileUrl } from '../../../../api/client';
import { type CustomerFilters, customersQuery } from '../../../../api/customers';
import { useList } from '../../../../api/lists';
import type { Customer } from '../../../../api/types';
import { count } from '../../../../format/number';
import { useSession, useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { At } from '../../../../ui/Ago';
import { CopyText } from '../../../../ui/CopyText';
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
import { WhichOnes } from '../../../../ui/WhichOnes';
import { Archived } from '../../../../words/Archived';
import { CustomerLink } from '../../../../words/Links';
import { texts } from '../../../-search';

type Search = { [K in 'q' | 'sort' | 'archived' | 'form']?: string };

const CustomerSheet = lazy(() => import('./-CustomerSheet'));

export const Route = createFileRoute('/t/$slug/customers/')({
  validateSearch: (search): Search => texts(search, ['q', 'sort', 'archived', 'form']),
  loaderDeps: ({ search: { form: _, ...filters } }) => filters,
  loader: ({ context: { queries }, deps }) => void queries.prefetchInfiniteQuery(customersQuery(asked(deps))),
  component: CustomersPage,
});

const column = columnsOf<Customer>();

const columns = column.columns([
  column.display({
    id: 'name',
    header: 'Name',
    meta: { sort: 'name', width: '20%', card: 'title' },
    cell: ({ row: { original } }) => (
      <>
        <CustomerLink id={original.id} name={original.name} /> {original.archived ? <Archived /> : null}
      </>
    ),
  }),
  column.display({
    id: 'reference',
    header: 'Reference',
    meta: { sort: 'reference', width: '10%' },
    cell: ({ row: { original } }) => <CopyText text={original.reference} />,
  }),
  column.display({
    id: 'phone',
    header: 'Phone',
    meta: { width: '14%' },
    cell: ({ row: { original } }) => <CopyText text={original.phone} />,
  }),
  column.display({
    id: 'email',
    header: 'E-mail',
    meta: { card: 'line' },
    cell: ({ row: { original } }) => <Safe text={original.email} />,
  }),
  column.display({
    id: 'address',
    header: 'Address',
    meta: { from: 'xl', card: 'none' },
    cell: ({ row: { original } }) => <Safe text={original.address} />,
  }),
  column.display({
    id: 'added',
    header: 'Added',
    meta: { sort: 'createdAt', downFirst: true, from: 'md', width: '12rem', align: 'end', card: 'none' },
    cell: ({ row: { original } }) => <At at={original.createdAt} />,
  }),
]);

const FIELDS: FilterField[] = [
  { key: 'archived', hint: 'archived ones only', options: [{ value: 'true', label: 'yes' }] },
];

/** The words of the address as the API names them. */
const asked = ({ q, sort, archived }: Search): CustomerFilters => ({
  q,
  sort,
  archived: archived === 'true' || undefined,
});

function CustomersPage() {
  const { form, ...filters } = Route.useSearch();
  const navigate = Route.useNavigate();
  const { slug } = useSession().tenant;
  const whyNot = useWhyNot('customers.write');
  const { rows, total, onEnd, error, refetch } = useList(customersQuery(asked(filters)));
  const show = (next: Search) => void navigate({ search: next, replace: true });
  const open = ({ id }: Customer) => void navigate({ to: '/t/$slug/customers/$id', params: { slug, id } });
  return (
    <Page
      title="Customers"
      note={total === undefined ? null : count(total)}
      actions={
        <ActionButton
          leftSection={<IconPlus size={16} />}
          whyNot={whyNot}
          onClick={() => show({ ...filters, form: 'new' })}
        >
          Add customer
        </ActionButton>
      }
    >
      <Panel flush>
        <Toolbar>
          <FilterBar
            fields={FIELDS}
            q={filters.q ?? ''}
            filters={filters.archived ? { archived: filters.archived } : {}}
            placeholder="Search name, phone, reference, user name, address, MAC…"
            onChange={(q, { archived }) => show({ q: q || undefined, sort: filters.sort, archived })}
          />
          <WhichOnes
            label="Which customers"
            archived={filters.archived === 'true'}
            onChange={(archived) => show({ ...filters, archived: archived ? 'true' : undefined })}
          />
          <CsvButton href={fileUrl('/customers/export', asked(filters))} />
        </Toolbar>
        {error && !rows ? (
          <Failed error={error} onRetry={() => void refetch()} />
        ) : (
          <DataTable
            label="Customers"
            columns={columns}
            rows={rows}
            rowId={(customer) => customer.id}
            total={total}
            sort={filters.sort}
            onSort={(sort) => show({ ...filters, sort })}
            onOpen={open}
            onEnd={onEnd}
            empty={
              filters.archived && !filters.q ? (
                <Empty title="No archived customers" />
              ) : filters.q || filters.archived ? (
                <Empty
                  title="No customer matches"
                  actions={
                    <Button variant="default" onClick={() => show({})}>
                      Clear search and filters
                    </Button>
                  }
                >
                  Try part of a name, phone number or reference, or a service’s user name or address.
                </Empty>
              ) : (
                <Empty icon={<IconUsers size={30} stroke={1.5} />} title="No customers yet">
                  An import from a router can create them from the comments of its PPP secrets; or add one
                  here.
                </Empty>
              )
            }
          />
        )}
      </Panel>
      {form === 'new' ? (
        <Suspense>
          <CustomerSheet onClose={() => show(filters)} onSaved={open} />
        </Suspense>
      ) : null}
    </Page>
  );
}
