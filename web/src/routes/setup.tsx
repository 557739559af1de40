import { Button, PasswordInput, Skeleton, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { useState } from 'react';
import { acceptSetup, finishSetup, sessionQuery, setupQuery, signIn } from '../api/session';
import type { SetupInfo } from '../api/types';
import { submit } from '../forms/serverErrors';
import { leave } from '../session/travel';
import { Empty } from '../ui/Empty';
import { Failed } from '../ui/Failed';
import { Gate } from './-Gate';

/** `/setup#TOKEN`: the first start, an invitation, or a new password. */
export const Route = createFileRoute('/setup')({ component: Setup });

const WORDS: Record<SetupInfo['kind'], { title: string; intro: string; done: string }> = {
  first: {
    title: 'Welcome',
    intro: 'Name your network and yourself. You become its administrator.',
    done: 'Start',
  },
  invite: { title: 'Join the team', intro: 'You were invited. Choose a name and a password.', done: 'Join' },
  demo: { title: 'Demo', intro: 'Choose a password for the demo.', done: 'Start' },
  reset: {
    title: 'New password',
    intro: 'Choose a new password for your account.',
    done: 'Save and sign in',
  },
};

/** The server asks for the same. */
const SHORTEST_PASSWORD = 12;

function Setup() {
  const [token] = useState(() => location.hash.slice(1));
  const info = useQuery({ ...setupQuery(token), enabled: token !== '' });
  if (!token)
    return (
      <Gate title="Set up">
        <Empty title="The link is not complete">Open it again as it was printed or sent.</Empty>
      </Gate>
    );
  if (info.error)
    return (
      <Gate title="Set up">
        <Failed error={info.error} />
      </Gate>
    );
  if (!info.data)
    return (
      <Gate title="Set up">
        <Skeleton height={220} />
      </Gate>
    );
  return <Answer token={token} info={info.data} />;
}

function Answer({ token, info }: { token: string; info: SetupInfo }) {
  const [known, setKnown] = useState(info.known);
  const onNew = info.known ? undefined : () => setKnown(false);
  if (known) return <AcceptForm token={token} info={info} onNew={onNew} />;
  return (
    <SetupForm
      token={token}
      info={info}
      onKnown={info.tenantName && info.kind !== 'reset' ? () => setKnown(true) : undefined}
    />
  );
}

interface AcceptProps {
  token: string;
  info: SetupInfo;
  /** They have none after all; absent where it is known that they do. */
  onNew: (() => void) | undefined;
}

/** For a person who has an account: nothing is given to them before they accept it while signed in. */
function AcceptForm({ token, info, onNew }: AcceptProps) {
  const session = useQuery(sessionQuery);
  const form = useForm({ mode: 'uncontrolled', initialValues: { email: info.email ?? '', password: '' } });
  const own = session.data?.user.email;
  const signedIn = own !== undefined && (info.email ?? own) === own;
  const send = form.onSubmit(async (credentials) => {
    const sent = async () => {
      if (!signedIn) await signIn(credentials);
      return acceptSetup(token);
    };
    // Who is signed in has no field for a password.
    const accepted = await submit(form, sent, signedIn ? {} : { unauthorized: 'password' });
    if (accepted) leave('/');
  });
  if (session.isPending)
    return (
      <Gate title="Join">
        <Skeleton height={160} />
      </Gate>
    );
  return (
    <Gate
      title={`Join ${info.tenantName ?? ''}`}
      intro={signedIn ? `You are signed in as ${own}.` : 'You are known here: sign in to accept.'}
    >
      <form onSubmit={send}>
        <Stack gap="sm">
          {signedIn ? null : (
            <>
              <TextInput
                label="E-mail"
                type="email"
                autoComplete="username"
                required
                readOnly={Boolean(info.email)}
                {...form.getInputProps('email')}
              />
              <PasswordInput
                label="Password"
                autoComplete="current-password"
                required
                {...form.getInputProps('password')}
              />
            </>
          )}
          <Button type="submit" loading={form.submitting} fullWidth mt="xs">
            {signedIn ? 'Accept' : 'Sign in and accept'}
          </Button>
          {onNew ? (
            <Button variant="subtle" fullWidth onClick={onNew}>
              I have no account yet
            </Button>
          ) : null}
        </Stack>
      </form>
    </Gate>
  );
}

function SetupForm({
  token,
  info,
  onKnown,
}: {
  token: string;
  info: SetupInfo;
  onKnown?: (() => void) | undefined;
}) {
  const { title, intro, done } = WORDS[info.kind];
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: {
      tenantName: info.tenantName ?? '',
      name: info.name ?? '',
      email: info.email ?? '',
      password: '',
    },
    validate: {
      password: (value) =>
        value.length < SHORTEST_PASSWORD ? `At least ${SHORTEST_PASSWORD} characters` : null,
    },
  });
  const send = form.onSubmit(async ({ tenantName, ...values }) => {
    const input = { token, ...values, ...(info.kind === 'first' ? { tenantName } : {}) };
    if (await submit(form, () => finishSetup(input), { exists: 'email' })) leave('/');
  });
  return (
    <Gate title={info.tenantName ? `${title}: ${info.tenantName}` : title} intro={intro}>
      <form onSubmit={send}>
        <Stack gap="sm">
          {info.kind === 'first' ? (
            <TextInput
              label="Name of the network"
              placeholder="Lakeside Internet"
              required
              {...form.getInputProps('tenantName')}
            />
          ) : null}
          <TextInput label="Your name" autoComplete="name" required {...form.getInputProps('name')} />
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            required
            readOnly={Boolean(info.email)}
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label="Password"
            description={`At least ${SHORTEST_PASSWORD} characters; a sentence is good`}
            autoComplete="new-password"
            required
            {...form.getInputProps('password')}
          />
          <Button type="submit" loading={form.submitting} fullWidth mt="xs">
            {done}
          </Button>
          {onKnown ? (
            <Button variant="subtle" fullWidth onClick={onKnown}>
              I have an account already
            </Button>
          ) : null}
        </Stack>
      </form>
    </Gate>
  );
}
