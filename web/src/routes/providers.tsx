import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createFileRoute, Link, redirect } from '@tanstack/react-router';
import { useState } from 'react';
import { createProvider, deleteProvider, providersQuery } from '../api/providers';
import { sessionQuery, signOut } from '../api/session';
import type { Provider } from '../api/types';
import { plain } from '../format/escape';
import { count, plural } from '../format/number';
import { FormFoot } from '../forms/FormFoot';
import { submit } from '../forms/serverErrors';
import { leave } from '../session/travel';
import { Toasts } from '../shell/Toasts';
import { At } from '../ui/Ago';
import { Empty } from '../ui/Empty';
import { LinkOnce } from '../ui/LinkOnce';
import { Page } from '../ui/Page';
import { PanelList } from '../ui/PanelList';
import { Safe } from '../ui/Safe';
import type { SortFields } from '../ui/sorted';
import { columnsOf } from '../ui/table';
import { toast } from '../ui/toast';
import classes from './-Providers.module.css';
import { texts } from './-search';

/** The ISPs on this server: names and counts, never what is inside. For who manages them. */
export const Route = createFileRoute('/providers')({
  validateSearch: (search): { form?: string; sort?: string } => texts(search, ['form', 'sort']),
  beforeLoad: async ({ context: { queries }, location }) => {
    const session = await queries.ensureQueryData(sessionQuery);
    if (!session) throw redirect({ to: '/sign-in', search: { next: location.href } });
    if (!session.user.platform) throw redirect({ to: '/' });
  },
  loader: ({ context: { queries } }) => void queries.prefetchQuery(providersQuery),
  component: ProvidersPage,
});

const column = columnsOf<Provider>();

const number = (id: 'routers' | 'customers' | 'services' | 'members', header: string) =>
  column.display({
    id,
    header,
    meta: { sort: id, downFirst: true, align: 'end', width: '7rem' },
    cell: ({ row: { original } }) => count(original.counts[id]),
  });

const columns = column.columns([
  column.display({
    id: 'name',
    header: 'Name',
    meta: { sort: 'name', card: 'title' },
    cell: ({ row: { original } }) => <Safe text={original.name} />,
  }),
  column.display({
    id: 'slug',
    header: 'In addresses',
    meta: { from: 'md' },
    cell: ({ row: { original } }) => <code>/t/{original.slug}</code>,
  }),
  number('members', 'People'),
  number('routers', 'Routers'),
  number('customers', 'Customers'),
  number('services', 'Services'),
  column.display({
    id: 'added',
    header: 'Added',
    meta: { sort: 'added', downFirst: true, from: 'md', width: '12rem' },
    cell: ({ row: { original } }) => <At at={original.createdAt} />,
  }),
  column.display({
    id: 'actions',
    header: '',
    meta: { align: 'end', width: '7rem', card: 'corner' },
    cell: ({ row: { original } }) => <Delete provider={original} />,
  }),
]);

/** The order while nobody asked for another. */
const STANDARD = 'name';
const FIELDS: SortFields<Provider> = {
  name: ({ name }) => name,
  members: ({ counts }) => counts.members,
  routers: ({ counts }) => counts.routers,
  customers: ({ counts }) => counts.customers,
  services: ({ counts }) => counts.services,
  added: ({ createdAt }) => createdAt,
};

function Delete({ provider }: { provider: Provider }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setAsking(true)}>
        Delete
      </Button>
      {asking ? <DeleteForm provider={provider} onClose={() => setAsking(false)} /> : null}
    </>
  );
}

/** Asks for the name: a click is too little for what cannot be taken back. */
function DeleteForm({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const queries = useQueryClient();
  const form = useForm({
    initialValues: { name: '' },
    validate: { name: (name) => (name === provider.name ? null : `Type ${plain(provider.name)}`) },
  });
  const send = form.onSubmit(async ({ name }) => {
    const here = queries.getQueryData(sessionQuery.queryKey)?.tenant?.id === provider.id;
    const deleted = await submit(form, () => deleteProvider(provider, name).then(() => true));
    if (!deleted) return;
    // The session has lost where it acted.
    if (here) return leave('/providers');
    void toast(`${provider.name} deleted`);
    void queries.invalidateQueries();
    onClose();
  });
  const { routers, customers, services, members } = provider.counts;
  return (
    <Modal
      opened
      onClose={onClose}
      title={<strong>Delete {plain(provider.name)} for good?</strong>}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={send}>
        <Stack gap="sm">
          <span>
            {plural(customers, 'customer')}, {plural(services, 'service')} with their history,{' '}
            {plural(routers, 'router')}, every key and the audit log are deleted. So is whoever of{' '}
            {plural(members, 'person', 'people')} belongs nowhere else. This cannot be taken back. Nothing on
            the routers changes.
          </span>
          <TextInput
            label={`Type ${plain(provider.name)} to go on`}
            autoComplete="off"
            data-autofocus
            {...form.getInputProps('name')}
          />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" color="red.8" loading={form.submitting}>
              Delete for good
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function ProvidersPage() {
  const { form, sort } = Route.useSearch();
  const navigate = Route.useNavigate();
  const home = useQuery(sessionQuery).data?.memberships[0];
  const show = (search: { form?: string; sort?: string | undefined }) =>
    void navigate({ search, replace: true });
  const close = () => show({ sort });
  return (
    <main className={classes.main}>
      <Page
        title="Providers on this server"
        back={
          home ? (
            <Link to="/t/$slug" params={{ slug: home.slug }}>
              {plain(home.name)}
            </Link>
          ) : null
        }
        actions={
          <Button variant="default" onClick={() => void signOut().then(() => leave('/sign-in'))}>
            Sign out
          </Button>
        }
        sub="Who runs this server sees names and counts here, and nothing that is inside."
      >
        <PanelList
          title="Providers"
          columns={columns}
          order={{ sort, standard: STANDARD, fields: FIELDS, onSort: (next) => show({ form, sort: next }) }}
          query={useQuery(providersQuery)}
          add="Add a provider"
          whyNot={null}
          onAdd={() => show({ form: 'new', sort })}
          empty={
            <Empty title="No provider yet">Add the first one, and send its administrator the link.</Empty>
          }
          form={
            form === 'new'
              ? { title: 'Add a provider', content: <AddForm onClose={close} />, onClose: close }
              : null
          }
        />
      </Page>
      <Toasts />
    </main>
  );
}

function AddForm({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [link, setLink] = useState('');
  const form = useForm({ initialValues: { name: '' } });
  const send = form.onSubmit(async (values) => {
    const made = await submit(form, () => createProvider(values));
    if (!made) return;
    void queries.invalidateQueries({ queryKey: providersQuery.queryKey });
    setLink(made.setupUrl);
  });
  if (link) {
    const words = `Send this link to the first administrator of ${plain(form.values.name)}.`;
    return <LinkOnce words={words} link={link} onClose={onClose} />;
  }
  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        <TextInput
          label="Name"
          placeholder="Lakeside Internet"
          required
          data-autofocus
          {...form.getInputProps('name')}
        />
        <FormFoot verb="Add" busy={form.submitting} onCancel={onClose} />
      </Stack>
    </form>
  );
}
