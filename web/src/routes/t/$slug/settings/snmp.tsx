import { Group, MultiSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconKey } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { routersQuery } from '../../../../api/routers';
import { changeSnmpLogin, createSnmpLogin, deleteSnmpLogin, snmpLoginsQuery } from '../../../../api/snmp';
import type { SnmpLogin } from '../../../../api/types';
import { plain } from '../../../../format/escape';
import { plural } from '../../../../format/number';
import { FormFoot } from '../../../../forms/FormFoot';
import { lines } from '../../../../forms/lines';
import { SnmpFields } from '../../../../forms/SnmpFields';
import { submit } from '../../../../forms/serverErrors';
import { isKept, SNMP_PLACES, snmpErrors, snmpSetting, snmpValues } from '../../../../forms/snmp';
import { useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { AskedAction } from '../../../../ui/AskedAction';
import { Empty } from '../../../../ui/Empty';
import { PanelList } from '../../../../ui/PanelList';
import { Safe } from '../../../../ui/Safe';
import type { SortFields } from '../../../../ui/sorted';
import { columnsOf } from '../../../../ui/table';
import { RouterLink } from '../../../../words/Links';
import { texts } from '../../../-search';
import classes from './-Settings.module.css';

/** `form` is `new`, or the id of the login that is edited. */
interface Search {
  form?: string;
  sort?: string;
}

export const Route = createFileRoute('/t/$slug/settings/snmp')({
  validateSearch: (search): Search => texts(search, ['form', 'sort']),
  loader: ({ context: { queries } }) => {
    void queries.prefetchQuery(snmpLoginsQuery);
    void queries.prefetchQuery(routersQuery);
  },
  component: SnmpPage,
});

const column = columnsOf<SnmpLogin>();

const columns = column.columns([
  column.display({
    id: 'name',
    header: 'Name',
    meta: { sort: 'name', card: 'title' },
    cell: ({ row: { original } }) => <Safe text={original.name} />,
  }),
  column.display({
    id: 'version',
    header: 'Version',
    meta: { sort: 'version', width: '7rem' },
    cell: ({ row: { original } }) => original.version,
  }),
  column.display({
    id: 'port',
    header: 'Port',
    meta: { sort: 'port', width: '6rem' },
    cell: ({ row: { original } }) => original.port,
  }),
  column.display({
    id: 'bound',
    header: 'Tried with devices',
    cell: ({ row: { original } }) => <BoundTo login={original} />,
  }),
  column.display({
    id: 'actions',
    header: '',
    meta: { align: 'end', width: '11rem', card: 'foot' },
    cell: ({ row: { original } }) => (
      <Group gap={6} justify="flex-end" wrap="nowrap">
        <Edit login={original} />
        <Delete login={original} />
      </Group>
    ),
  }),
]);

/** The order while nobody asked for another. */
const STANDARD = 'name';
const FIELDS: SortFields<SnmpLogin> = {
  name: ({ name }) => name,
  version: ({ version }) => version,
  port: ({ port }) => port,
};

/** Networks and routers that are named in a row; the others are counted. */
const NAMED = 3;

function BoundTo({ login: { networks, routerIds } }: { login: SnmpLogin }) {
  const { data } = useQuery(routersQuery);
  const names = new Map(data?.items.map(({ id, name }) => [id, name]));
  const routers = routerIds.slice(0, NAMED).map((id) => (
    <li key={id}>
      behind <RouterLink id={id} name={names.get(id) ?? 'a router that was removed'} />
    </li>
  ));
  return (
    <ul className={classes.bound}>
      {networks.slice(0, NAMED).map((network) => (
        <li key={network}>in {network}</li>
      ))}
      {data ? routers : null}
      <More count={networks.length - NAMED} what="network" />
      <More count={routerIds.length - NAMED} what="router" />
    </ul>
  );
}

const More = ({ count, what }: { count: number; what: string }) =>
  count > 0 ? <li>and {plural(count, `more ${what}`)}</li> : null;

function Edit({ login }: { login: SnmpLogin }) {
  const navigate = Route.useNavigate();
  return (
    <ActionButton
      size="compact-sm"
      variant="default"
      aria-label={`Edit ${plain(login.name)}`}
      whyNot={useWhyNot('routers.write')}
      onClick={() => void navigate({ search: ({ sort }) => ({ sort, form: login.id }), replace: true })}
    >
      Edit
    </ActionButton>
  );
}

function Delete({ login }: { login: SnmpLogin }) {
  const queries = useQueryClient();
  const work = async () => {
    await deleteSnmpLogin(login.id);
    await queries.invalidateQueries({ queryKey: snmpLoginsQuery.queryKey });
  };
  return (
    <AskedAction
      verb="Delete"
      whyNot={useWhyNot('routers.write')}
      title={`Delete ${plain(login.name)}?`}
      work={work}
    >
      Devices that answered to it are tried with the other logins that are bound to them; where there is none,
      they are only pinged. Their history stays. The login cannot be shown again: note its secret first if you
      need it.
    </AskedAction>
  );
}

function SnmpPage() {
  const { form, sort } = Route.useSearch();
  const navigate = Route.useNavigate();
  const whyNot = useWhyNot('routers.write');
  const logins = useQuery(snmpLoginsQuery);
  const edited = logins.data?.items.find(({ id }) => id === form);
  const show = (search: Search) => void navigate({ search, replace: true });
  const close = () => show({ ...(sort ? { sort } : {}) });
  const isOpen = !whyNot && (form === 'new' || edited !== undefined);
  return (
    <>
      <p className={classes.intro}>
        A login is sent only to monitored devices that it is bound to, by their network or router, and only
        where this server has a route to them: a device behind a router must lie in its{' '}
        <em>networks routed from here</em>.
      </p>
      <PanelList
        title="SNMP logins"
        columns={columns}
        order={{
          sort,
          standard: STANDARD,
          fields: FIELDS,
          onSort: (next) => show({ ...(form ? { form } : {}), sort: next }),
        }}
        query={logins}
        add="Add login"
        whyNot={whyNot}
        onAdd={() => show({ ...(sort ? { sort } : {}), form: 'new' })}
        empty={
          <Empty icon={<IconKey size={30} stroke={1.5} />} title="No SNMP login yet">
            Add the community or user of your devices. Those that answer then tell their signal, load,
            temperatures and the traffic of their ports; the others stay pinged.
          </Empty>
        }
        form={
          isOpen
            ? {
                title: edited ? 'Edit SNMP login' : 'Add SNMP login',
                content: <LoginForm key={form} login={edited} onClose={close} />,
                onClose: close,
              }
            : null
        }
      />
    </>
  );
}

/** A new login, or one that is stored. */
function LoginForm({ login, onClose }: { login: SnmpLogin | undefined; onClose: () => void }) {
  const queries = useQueryClient();
  const routers = useQuery(routersQuery).data?.items ?? [];
  const form = useForm({
    initialValues: {
      name: login?.name ?? '',
      networks: login?.networks.join('\n') ?? '',
      routerIds: login?.routerIds ?? [],
      ...snmpValues(login),
    },
    validate: (values) => ({
      ...(values.name.trim() ? {} : { name: 'A name is needed' }),
      ...(lines(values.networks).length > 0 || values.routerIds.length > 0
        ? {}
        : { networks: 'Say with which devices it is tried: some networks or routers' }),
      ...snmpErrors(values, login),
    }),
  });
  const send = form.onSubmit(async (values) => {
    const { name, routerIds } = values;
    const input = { name, routerIds, networks: lines(values.networks) };
    const sent = () => {
      if (!login) return createSnmpLogin({ ...input, snmp: snmpSetting(values) });
      const snmp = isKept(values, login) ? {} : { snmp: snmpSetting(values) };
      return changeSnmpLogin(login, { ...input, ...snmp });
    };
    if (!(await submit(form, sent, { ...SNMP_PLACES, exists: 'name' }))) return;
    await queries.invalidateQueries({ queryKey: snmpLoginsQuery.queryKey });
    onClose();
  });
  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        <TextInput
          label="Name"
          description="What it is for"
          placeholder="Radios"
          required
          data-autofocus
          {...form.getInputProps('name')}
        />
        <SnmpFields values={form.values} field={(name) => form.getInputProps(name)} stored={login} />
        <Textarea
          label="Networks"
          description="It is tried with devices in these, one a line"
          placeholder="10.20.0.0/24"
          autosize
          minRows={2}
          maxRows={8}
          {...form.getInputProps('networks')}
        />
        <MultiSelect
          label="Routers"
          description="And with devices behind these"
          {...(form.values.routerIds.length > 0 ? {} : { placeholder: 'None' })}
          data={routerChoices(routers, login)}
          searchable
          clearable
          nothingFoundMessage="No router matches"
          {...form.getInputProps('routerIds')}
        />
        <FormFoot verb={login ? 'Save' : 'Add'} busy={form.submitting} onCancel={onClose} />
      </Stack>
    </form>
  );
}

/** Routers by name; with those that were removed and are still named by the login. */
function routerChoices(routers: { id: string; name: string }[], login: SnmpLogin | undefined) {
  const known = new Set(routers.map(({ id }) => id));
  const removed = (login?.routerIds ?? []).filter((id) => !known.has(id));
  return [
    ...routers.map(({ id, name }) => ({ value: id, label: plain(name) })),
    ...removed.map((id) => ({ value: id, label: `Removed router ${id.slice(0, 8)}` })),
  ];
}
