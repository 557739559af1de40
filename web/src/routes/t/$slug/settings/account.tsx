import { Button, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import {
  changePassword,
  endOtherSignIns,
  endSignIn,
  leaveTenant,
  type SignIn,
  signInsQuery,
} from '../../../../api/account';
import { submit } from '../../../../forms/serverErrors';
import { useSession } from '../../../../session/session';
import { leave } from '../../../../session/travel';
import { Ago } from '../../../../ui/Ago';
import { AskedAction } from '../../../../ui/AskedAction';
import { DataTable } from '../../../../ui/DataTable';
import { Failed } from '../../../../ui/Failed';
import { Panel } from '../../../../ui/Panel';
import { Safe } from '../../../../ui/Safe';
import { columnsOf } from '../../../../ui/table';
import { toast } from '../../../../ui/toast';
import classes from './-Settings.module.css';

export const Route = createFileRoute('/t/$slug/settings/account')({
  loader: ({ context: { queries } }) => void queries.prefetchQuery(signInsQuery),
  component: AccountPage,
});

const column = columnsOf<SignIn>();

const columns = column.columns([
  column.display({
    id: 'agent',
    header: 'Browser',
    meta: { card: 'title', wrap: true },
    cell: ({ row: { original } }) => (
      <>
        <Safe text={original.agent || 'unnamed'} />
        {original.current ? <span className={classes.pending}>this one</span> : null}
      </>
    ),
  }),
  column.display({
    id: 'address',
    header: 'Address',
    meta: { width: '11rem' },
    cell: ({ row: { original } }) => <Safe text={original.address} />,
  }),
  column.display({
    id: 'seen',
    header: 'Last used',
    meta: { width: '9rem' },
    cell: ({ row: { original } }) => <Ago at={original.seenAt} />,
  }),
  column.display({
    id: 'end',
    header: '',
    meta: { align: 'end', width: '8rem', card: 'foot' },
    cell: ({ row: { original } }) => (original.current ? null : <End signIn={original} />),
  }),
]);

function useEnd(work: () => Promise<unknown>) {
  const queries = useQueryClient();
  return async () => {
    await work();
    await queries.invalidateQueries({ queryKey: signInsQuery.queryKey });
  };
}

function End({ signIn }: { signIn: SignIn }) {
  const end = useEnd(() => endSignIn(signIn.id));
  return (
    <AskedAction verb="Sign out" whyNot={null} title="Sign that browser out?" work={end}>
      It has to sign in again with your password.
    </AskedAction>
  );
}

function AccountPage() {
  return (
    <Stack gap="md">
      <PasswordPanel />
      <SignInsPanel />
      <LeavePanel />
    </Stack>
  );
}

function PasswordPanel() {
  const queries = useQueryClient();
  const form = useForm({ mode: 'uncontrolled', initialValues: { current: '', password: '' } });
  const send = form.onSubmit(async (values) => {
    const done = await submit(form, async () => {
      await changePassword(values);
      return true;
    });
    if (!done) return;
    form.reset();
    void toast('Your password is changed; your other sign-ins have ended');
    void queries.invalidateQueries({ queryKey: signInsQuery.queryKey });
  });
  return (
    <Panel title="Password" className={classes.narrow}>
      <form onSubmit={send}>
        <Stack gap="sm">
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            required
            key={form.key('current')}
            {...form.getInputProps('current')}
          />
          <PasswordInput
            label="New password"
            description="At least 12 characters; a sentence is good"
            autoComplete="new-password"
            required
            key={form.key('password')}
            {...form.getInputProps('password')}
          />
          <Button type="submit" loading={form.submitting}>
            Change password
          </Button>
        </Stack>
      </form>
    </Panel>
  );
}

function SignInsPanel() {
  const { data, error, refetch } = useQuery(signInsQuery);
  const endOthers = useEnd(endOtherSignIns);
  return (
    <Panel
      title="Where you are signed in"
      flush
      aside={
        <AskedAction
          verb="Sign out elsewhere"
          whyNot={data && data.length < 2 ? 'You are signed in only here.' : null}
          title="Sign out everywhere but here?"
          work={endOthers}
        >
          Every other browser has to sign in again with your password.
        </AskedAction>
      }
    >
      {error && !data ? (
        <Failed error={error} onRetry={() => void refetch()} />
      ) : (
        <DataTable label="Sign-ins" columns={columns} rows={data} rowId={({ id }) => id} empty={null} />
      )}
    </Panel>
  );
}

function LeavePanel() {
  const { tenant } = useSession();
  const go = async () => {
    await leaveTenant(tenant.id);
    leave('/');
  };
  return (
    <Panel title={`Leave ${tenant.name}`} className={classes.narrow}>
      <Stack gap="sm" align="flex-start">
        You lose your role there; the last administrator cannot leave.
        <AskedAction verb="Leave" whyNot={null} title={`Leave ${tenant.name}?`} work={go}>
          An administrator can invite you again. What you did stays in the audit log.
        </AskedAction>
      </Stack>
    </Panel>
  );
}
