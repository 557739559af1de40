import { Group, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconArchive, IconPencil, IconPlus, IconTag } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createFileRoute, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { fileUrl } from '../../../api/client';
import {
  archivedPlansQuery,
  archivePlan,
  changePlan,
  createPlan,
  plansQuery,
  restorePlan,
} from '../../../api/plans';
import type { Period, Plan } from '../../../api/types';
import { plain } from '../../../format/escape';
import { decimals, money, rate } from '../../../format/number';
import { FormFoot } from '../../../forms/FormFoot';
import { submit } from '../../../forms/serverErrors';
import { useSession, useWhyNot } from '../../../session/session';
import { ActionButton } from '../../../ui/ActionButton';
import { Confirm } from '../../../ui/Confirm';
import { CsvButton } from '../../../ui/CsvButton';
import { DataTable } from '../../../ui/DataTable';
import { Empty } from '../../../ui/Empty';
import { Failed } from '../../../ui/Failed';
import { Page } from '../../../ui/Page';
import { Panel } from '../../../ui/Panel';
import { Safe } from '../../../ui/Safe';
import { Sheet } from '../../../ui/Sheet';
import { type SortFields, sorted } from '../../../ui/sorted';
import { columnsOf } from '../../../ui/table';
import { attempt, toast } from '../../../ui/toast';
import { WhichOnes } from '../../../ui/WhichOnes';
import { Archived, RestoreButton } from '../../../words/Archived';
import { texts } from '../../-search';

export const Route = createFileRoute('/t/$slug/plans')({
  validateSearch: (search): { form?: string; archived?: string; sort?: string } =>
    texts(search, ['form', 'archived', 'sort']),
  loader: ({ context: { queries } }) => void queries.prefetchQuery(plansQuery),
  component: PlansPage,
});

/** How many of a period are a year, about. */
const A_YEAR: Record<Period, number> = { day: 365, week: 52, month: 12, year: 1 };

const PERIODS: Record<Period, string> = { day: 'a day', week: 'a week', month: 'a month', year: 'a year' };

const column = columnsOf<Plan>();

const columns = column.columns([
  column.display({
    id: 'name',
    header: 'Plan',
    meta: { sort: 'name', card: 'title', width: '30%' },
    cell: ({ row: { original } }) => <PlanLink plan={original} />,
  }),
  column.display({
    id: 'price',
    header: 'Price',
    meta: { sort: 'price', card: 'corner', width: '18rem' },
    cell: ({ row: { original } }) => (
      <span className="numbers">
        {money(original.price)} {PERIODS[original.period]}
      </span>
    ),
  }),
  column.display({
    id: 'down',
    header: 'Down',
    meta: { sort: 'down', downFirst: true },
    cell: ({ row: { original } }) => rate(original.downKbps),
  }),
  column.display({
    id: 'up',
    header: 'Up',
    meta: { sort: 'up', downFirst: true },
    cell: ({ row: { original } }) => rate(original.upKbps),
  }),
  column.display({
    id: 'actions',
    header: '',
    meta: { align: 'end', width: '15rem', card: 'foot' },
    cell: ({ row: { original } }) => <Actions plan={original} />,
  }),
]);

/** What the columns sort by; prices of several currencies by currency first. */
const FIELDS: SortFields<Plan> = {
  name: ({ name }) => name,
  price: ({ price, period }) => `${price.currency} ${price.minor * A_YEAR[period]}`,
  down: ({ downKbps }) => downKbps,
  up: ({ upKbps }) => upKbps,
};

function PlanLink({ plan }: { plan: Plan }) {
  const { slug } = useSession().tenant;
  return (
    <>
      <Link
        to="/t/$slug/services"
        params={{ slug }}
        search={{ plan: plan.id, ...(plan.archived ? { archived: 'true' } : {}) }}
        title={plan.archived ? 'Archived services with this plan' : 'Services with this plan'}
      >
        <Safe text={plan.name} />
      </Link>{' '}
      {plan.archived ? <Archived /> : null}
    </>
  );
}

function Actions({ plan }: { plan: Plan }) {
  const whyNot = useWhyNot('plans.write');
  const navigate = Route.useNavigate();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const archive = async () => {
    await attempt(archivePlan(plan));
    void toast(`${plan.name} archived`);
    void queries.invalidateQueries({ queryKey: plansQuery.queryKey });
  };
  if (plan.archived) {
    return <RestoreButton small name={plain(plan.name)} whyNot={whyNot} work={() => restorePlan(plan)} />;
  }
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      <ActionButton
        size="compact-sm"
        variant="default"
        leftSection={<IconPencil size={14} />}
        whyNot={whyNot}
        onClick={() => void navigate({ search: ({ sort }) => ({ sort, form: plan.id }), replace: true })}
      >
        Edit
      </ActionButton>
      <ActionButton
        size="compact-sm"
        variant="default"
        leftSection={<IconArchive size={14} />}
        whyNot={whyNot}
        onClick={() => setAsking(true)}
      >
        Archive
      </ActionButton>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={`Archive ${plain(plan.name)}?`}
        confirm="Archive"
        onConfirm={archive}
      >
        It cannot be chosen any more, and can be restored. Services that have it must be given another one
        first.
      </Confirm>
    </Group>
  );
}

function PlansPage() {
  const { form, archived, sort } = Route.useSearch();
  const navigate = Route.useNavigate();
  const whyNot = useWhyNot('plans.write');
  const { data, error, refetch } = useQuery(archived ? archivedPlansQuery : plansQuery);
  const open = (next?: string) => void navigate({ search: { form: next, sort }, replace: true });
  const edited = data?.items.find(({ id }) => id === form);
  const actions = (
    <>
      <WhichOnes
        label="Which plans"
        living="On sale"
        archived={archived !== undefined}
        onChange={(next) =>
          void navigate({ search: { sort, ...(next ? { archived: 'true' } : {}) }, replace: true })
        }
      />
      <CsvButton href={fileUrl('/plans/export', { archived })} />
      <ActionButton leftSection={<IconPlus size={16} />} whyNot={whyNot} onClick={() => open('new')}>
        Add plan
      </ActionButton>
    </>
  );
  return (
    <Page title="Plans" note={data?.total} actions={actions}>
      <Panel flush>
        {error && !data ? (
          <Failed error={error} onRetry={() => void refetch()} />
        ) : (
          <DataTable
            label="Plans"
            columns={columns}
            rows={sorted(data?.items, sort ?? 'name', FIELDS)}
            rowId={(plan) => plan.id}
            sort={sort ?? 'name'}
            onSort={(next) => void navigate({ search: { archived, form, sort: next }, replace: true })}
            empty={
              archived ? (
                <Empty title="No archived plans" />
              ) : (
                <Empty icon={<IconTag size={30} stroke={1.5} />} title="No plans yet">
                  A plan is what you sell: a rate and a price. Services can have one.
                </Empty>
              )
            }
          />
        )}
      </Panel>
      {form === 'new' || edited !== undefined ? (
        <Sheet onClose={() => open()} title={edited ? 'Edit plan' : 'Add plan'}>
          <PlanForm plan={edited} onClose={() => open()} />
        </Sheet>
      ) : null}
    </Page>
  );
}

const KBPS_IN_MBPS = 1000;

/** Fields of the form by what the server calls them. */
const PLACES = {
  exists: 'name',
  price: 'amount',
  'price.minor': 'amount',
  'price.currency': 'currency',
  downKbps: 'down',
  upKbps: 'up',
} as const;

function PlanForm({ plan, onClose }: { plan: Plan | undefined; onClose: () => void }) {
  const queries = useQueryClient();
  const known = useQuery(plansQuery).data?.items[0]?.price.currency ?? 'USD';
  const currency = plan?.price.currency ?? known;
  const form = useForm({
    initialValues: {
      name: plan?.name ?? '',
      amount: plan ? plan.price.minor / 10 ** decimals(currency) : ('' as number | ''),
      currency,
      period: plan?.period ?? ('month' as Period),
      down: plan?.downKbps ? plan.downKbps / KBPS_IN_MBPS : ('' as number | ''),
      up: plan?.upKbps ? plan.upKbps / KBPS_IN_MBPS : ('' as number | ''),
    },
    validate: {
      name: (value) => (value.trim() ? null : 'A name is needed'),
      amount: (value) => (value === '' ? 'A price is needed; 0 is one' : null),
      currency: (value) => (/^[A-Z]{3}$/.test(value) ? null : 'Three letters, such as KES'),
    },
  });
  const send = form.onSubmit(async ({ name, amount, down, up, period, ...values }) => {
    const input = {
      name,
      price: {
        minor: Math.round(Number(amount) * 10 ** decimals(values.currency)),
        currency: values.currency,
      },
      period,
      downKbps: down === '' ? null : Math.round(down * KBPS_IN_MBPS),
      upKbps: up === '' ? null : Math.round(up * KBPS_IN_MBPS),
    };
    const saved = await submit(form, () => (plan ? changePlan(plan, input) : createPlan(input)), PLACES);
    if (!saved) return;
    await queries.invalidateQueries({ queryKey: plansQuery.queryKey });
    void toast(plan ? 'Plan saved' : 'Plan added');
    onClose();
  });
  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        <TextInput
          label="Name"
          placeholder="Home 20"
          required
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Group gap="sm" grow align="flex-start" preventGrowOverflow={false}>
          <NumberInput label="Price" min={0} required {...form.getInputProps('amount')} />
          <TextInput
            label="Currency"
            maxLength={3}
            required
            {...form.getInputProps('currency')}
            onChange={(event) => form.setFieldValue('currency', event.currentTarget.value.toUpperCase())}
          />
        </Group>
        <Select
          label="For"
          data={Object.entries(PERIODS).map(([value, label]) => ({ value, label }))}
          allowDeselect={false}
          {...form.getInputProps('period')}
        />
        <Group gap="sm" grow align="flex-start">
          <NumberInput label="Down, Mbit/s" min={0} {...form.getInputProps('down')} />
          <NumberInput label="Up, Mbit/s" min={0} {...form.getInputProps('up')} />
        </Group>
        <FormFoot verb={plan ? 'Save' : 'Add'} busy={form.submitting} onCancel={onClose} />
      </Stack>
    </form>
  );
}
