import { Group, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { useState } from 'react';
import {
  changeMember,
  inviteMember,
  membersQuery,
  removeMember,
  resetMember,
} from '../../../../api/settings';
import type { Member, Role } from '../../../../api/types';
import { plain } from '../../../../format/escape';
import { FormFoot } from '../../../../forms/FormFoot';
import { RoleSelect } from '../../../../forms/RoleSelect';
import { submit } from '../../../../forms/serverErrors';
import { ROLES, useSession, useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { At } from '../../../../ui/Ago';
import { AskedAction } from '../../../../ui/AskedAction';
import { Empty } from '../../../../ui/Empty';
import { LinkOnce } from '../../../../ui/LinkOnce';
import { PanelList } from '../../../../ui/PanelList';
import { Safe } from '../../../../ui/Safe';
import { Sheet } from '../../../../ui/Sheet';
import type { SortFields } from '../../../../ui/sorted';
import { columnsOf } from '../../../../ui/table';
import { toast } from '../../../../ui/toast';
import { texts } from '../../../-search';
import classes from './-Settings.module.css';

export const Route = createFileRoute('/t/$slug/settings/members')({
  validateSearch: (search): { form?: string; sort?: string } => texts(search, ['form', 'sort']),
  loader: ({ context: { queries } }) => void queries.prefetchQuery(membersQuery),
  component: MembersPage,
});

const column = columnsOf<Member>();

const columns = column.columns([
  column.display({
    id: 'name',
    header: 'Name',
    meta: { sort: 'name', card: 'title' },
    cell: ({ row: { original } }) => (
      <>
        <Safe text={original.name} />
        {original.pending ? <span className={classes.pending}>invited</span> : null}
      </>
    ),
  }),
  column.display({
    id: 'email',
    header: 'E-mail',
    meta: { sort: 'email' },
    cell: ({ row: { original } }) => <Safe text={original.email} />,
  }),
  column.display({
    id: 'role',
    header: 'Role',
    meta: { sort: 'role', width: '13rem', card: 'line' },
    cell: ({ row: { original } }) => <RoleCell member={original} />,
  }),
  column.display({
    id: 'added',
    header: 'Added',
    meta: { sort: 'added', downFirst: true, from: 'md', width: '12rem' },
    cell: ({ row: { original } }) => <At at={original.createdAt} />,
  }),
  column.display({
    id: 'actions',
    header: '',
    meta: { align: 'end', width: '15rem', card: 'foot' },
    cell: ({ row: { original } }) => (
      <Group gap={6} justify="flex-end" wrap="nowrap">
        <Reset member={original} />
        <Remove member={original} />
      </Group>
    ),
  }),
]);

/** The order while nobody asked for another. */
const STANDARD = 'name';
const FIELDS: SortFields<Member> = {
  name: ({ name }) => name,
  email: ({ email }) => email,
  role: ({ role }) => ROLES[role].label,
  added: ({ createdAt }) => createdAt,
};

function RoleCell({ member }: { member: Member }) {
  const whyNot = useWhyNot('members.manage');
  const { user } = useSession();
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (role: Role) => changeMember(member.id, { role }),
    onError: (error) => void toast(error.message, 'bad'),
    onSettled: () => queries.invalidateQueries({ queryKey: membersQuery.queryKey }),
  });
  if (whyNot || member.email === user.email) return ROLES[member.role].label;
  return (
    <Select
      size="xs"
      aria-label={`Role of ${plain(member.name)}`}
      allowDeselect={false}
      data={Object.entries(ROLES).map(([value, { label }]) => ({ value, label }))}
      value={change.isPending ? change.variables : member.role}
      onChange={(role) => role && change.mutate(role as Role)}
    />
  );
}

function Reset({ member }: { member: Member }) {
  const whyNot = useWhyNot('members.manage');
  const [link, setLink] = useState('');
  const reset = async () => {
    try {
      setLink((await resetMember(member.id)).resetUrl);
    } catch (error) {
      void toast((error as Error).message, 'bad');
    }
  };
  return (
    <>
      <ActionButton size="compact-sm" variant="default" whyNot={whyNot} onClick={() => void reset()}>
        New password
      </ActionButton>
      {link ? (
        <Sheet title={`New password for ${plain(member.name)}`} onClose={() => setLink('')}>
          <LinkOnce words={`Send this link to ${member.email}.`} link={link} onClose={() => setLink('')} />
        </Sheet>
      ) : null}
    </>
  );
}

function Remove({ member }: { member: Member }) {
  const { user, tenant } = useSession();
  const forbidden = useWhyNot('members.manage');
  const queries = useQueryClient();
  const remove = async () => {
    await removeMember(member.id);
    void queries.invalidateQueries({ queryKey: membersQuery.queryKey });
  };
  return (
    <AskedAction
      verb="Remove"
      whyNot={
        forbidden ??
        (member.email === user.email ? 'This is you. Another administrator can remove you.' : null)
      }
      title={`Remove ${plain(member.name)}?`}
      work={remove}
    >
      Their sessions in {tenant.name} end within half a minute. What they did stays in the audit log.
    </AskedAction>
  );
}

function MembersPage() {
  const { form, sort } = Route.useSearch();
  const navigate = Route.useNavigate();
  const show = (search: { form?: string; sort?: string | undefined }) =>
    void navigate({ search, replace: true });
  const close = () => show({ sort });
  return (
    <PanelList
      title="People"
      columns={columns}
      order={{ sort, standard: STANDARD, fields: FIELDS, onSort: (next) => show({ form, sort: next }) }}
      query={useQuery(membersQuery)}
      add="Invite"
      whyNot={useWhyNot('members.manage')}
      onAdd={() => show({ form: 'new', sort })}
      empty={<Empty title="Nobody else yet">Invite the people who work with this network.</Empty>}
      form={
        form === 'new'
          ? { title: 'Invite a person', content: <InviteForm onClose={close} />, onClose: close }
          : null
      }
    />
  );
}

function InviteForm({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [link, setLink] = useState('');
  const [known, setKnown] = useState(false);
  const form = useForm({ initialValues: { name: '', email: '', role: 'technician' as Role } });
  const send = form.onSubmit(async (values) => {
    const member = await submit(form, () => inviteMember(values), { exists: 'email' });
    if (!member) return;
    void queries.invalidateQueries({ queryKey: membersQuery.queryKey });
    setKnown(member.known);
    setLink(member.inviteUrl);
  });
  if (link)
    return (
      <LinkOnce
        words={
          known
            ? `This address has an account: its owner must accept. Send this link to ${form.values.email}.`
            : `Send this link to ${form.values.email}.`
        }
        link={link}
        onClose={onClose}
      />
    );
  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        <TextInput label="Name" required data-autofocus {...form.getInputProps('name')} />
        <TextInput label="E-mail" type="email" required {...form.getInputProps('email')} />
        <RoleSelect {...form.getInputProps('role')} />
        <FormFoot verb="Invite" busy={form.submitting} onCancel={onClose} />
      </Stack>
    </form>
  );
}
