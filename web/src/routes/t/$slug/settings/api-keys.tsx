import { Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconKey } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { useState } from 'react';
import { apiKeysQuery, createApiKey, revokeApiKey } from '../../../../api/settings';
import type { ApiKey, Role } from '../../../../api/types';
import { plain } from '../../../../format/escape';
import { FormFoot } from '../../../../forms/FormFoot';
import { RoleSelect } from '../../../../forms/RoleSelect';
import { submit } from '../../../../forms/serverErrors';
import { ROLES, useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { Ago, At } from '../../../../ui/Ago';
import { AskedAction } from '../../../../ui/AskedAction';
import { CodeBlock } from '../../../../ui/CodeBlock';
import { Empty } from '../../../../ui/Empty';
import { PanelList } from '../../../../ui/PanelList';
import { Safe } from '../../../../ui/Safe';
import type { SortFields } from '../../../../ui/sorted';
import { columnsOf } from '../../../../ui/table';
import { texts } from '../../../-search';

export const Route = createFileRoute('/t/$slug/settings/api-keys')({
  validateSearch: (search): { form?: string; sort?: string } => texts(search, ['form', 'sort']),
  loader: ({ context: { queries } }) => void queries.prefetchQuery(apiKeysQuery),
  component: ApiKeysPage,
});

const column = columnsOf<ApiKey>();

const columns = column.columns([
  column.display({
    id: 'name',
    header: 'Name',
    meta: { sort: 'name', card: 'title' },
    cell: ({ row: { original } }) => <Safe text={original.name} />,
  }),
  column.display({
    id: 'prefix',
    header: 'Begins with',
    cell: ({ row: { original } }) => <code>{original.prefix}…</code>,
  }),
  column.display({
    id: 'role',
    header: 'Role',
    meta: { sort: 'role' },
    cell: ({ row: { original } }) => ROLES[original.role].label,
  }),
  column.display({
    id: 'used',
    header: 'Last used',
    meta: { sort: 'used', downFirst: true },
    cell: ({ row: { original } }) => <Ago at={original.lastUsedAt} />,
  }),
  column.display({
    id: 'expires',
    header: 'Expires',
    meta: { sort: 'expires' },
    cell: ({ row: { original } }) => <At at={original.expiresAt} never="never" />,
  }),
  column.display({
    id: 'actions',
    header: '',
    meta: { align: 'end', width: '8rem', card: 'corner' },
    cell: ({ row: { original } }) => <Revoke apiKey={original} />,
  }),
]);

/** The order while nobody asked for another. */
const STANDARD = 'name';
const FIELDS: SortFields<ApiKey> = {
  name: ({ name }) => name,
  role: ({ role }) => ROLES[role].label,
  used: ({ lastUsedAt }) => lastUsedAt,
  expires: ({ expiresAt }) => expiresAt,
};

function Revoke({ apiKey }: { apiKey: ApiKey }) {
  const queries = useQueryClient();
  const revoke = async () => {
    await revokeApiKey(apiKey.id);
    void queries.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
  };
  return (
    <AskedAction
      verb="Revoke"
      whyNot={useWhyNot('keys.manage')}
      title={`Revoke ${plain(apiKey.name)}?`}
      work={revoke}
    >
      Programs that use it are refused from now on. This cannot be undone; create a new key instead.
    </AskedAction>
  );
}

function ApiKeysPage() {
  const { form, sort } = Route.useSearch();
  const navigate = Route.useNavigate();
  const whyNot = useWhyNot('keys.manage');
  const show = (search: { form?: string; sort?: string | undefined }) =>
    void navigate({ search, replace: true });
  const close = () => show({ sort });
  return (
    <PanelList
      title="API keys"
      columns={columns}
      order={{ sort, standard: STANDARD, fields: FIELDS, onSort: (next) => show({ form, sort: next }) }}
      query={useQuery({ ...apiKeysQuery, enabled: !whyNot })}
      add="Create API key"
      whyNot={whyNot}
      closed
      onAdd={() => show({ form: 'new', sort })}
      empty={
        <Empty icon={<IconKey size={30} stroke={1.5} />} title="No API keys yet">
          Everything on these pages can be done over the HTTP API. A key lets a program of yours do it.
        </Empty>
      }
      form={
        form === 'new'
          ? { title: 'Create API key', content: <KeyForm onClose={close} />, onClose: close }
          : null
      }
    />
  );
}

function KeyForm({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [key, setKey] = useState('');
  const form = useForm({ initialValues: { name: '', role: 'read-only' as Role, expiresAt: '' } });
  const send = form.onSubmit(async ({ expiresAt, ...values }) => {
    const input = {
      ...values,
      expiresAt: expiresAt ? new Date(`${expiresAt}T23:59:59`).toISOString() : null,
    };
    const made = await submit(form, () => createApiKey(input));
    if (!made) return;
    setKey(made.key);
    void queries.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
  });
  if (key) {
    return (
      <Stack gap="sm">
        <span>Copy it now: it is shown once.</span>
        <CodeBlock text={key} label="the API key" />
        <span>Try it:</span>
        <CodeBlock
          text={`curl -H "Authorization: Bearer ${key}" ${location.origin}/api/v1/services?limit=1`}
          label="the command"
        />
        <Group justify="flex-end">
          <ActionButton onClick={onClose}>Done</ActionButton>
        </Group>
      </Stack>
    );
  }
  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        <TextInput
          label="Name"
          description="What uses it"
          placeholder="Billing export"
          required
          data-autofocus
          {...form.getInputProps('name')}
        />
        <RoleSelect {...form.getInputProps('role')} />
        <TextInput
          label="Expires"
          type="date"
          description="Empty: never"
          {...form.getInputProps('expiresAt')}
        />
        <FormFoot verb="Create" busy={form.submitting} onCancel={onClose} />
      </Stack>
    </form>
  );
}
