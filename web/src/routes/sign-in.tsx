import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { createFileRoute, redirect } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { sessionQuery, signIn } from '../api/session';
import { insidePath, leave } from '../session/travel';
import { Notice } from '../ui/Notice';
import { Gate } from './-Gate';

/** `/sign-in#TOKEN` signs in by itself (the link of the demo). A token never stands in a query string, which is logged. */
export const Route = createFileRoute('/sign-in')({
  validateSearch: (search): { next?: string } =>
    typeof search.next === 'string' ? { next: search.next } : {},
  beforeLoad: async ({ context: { queries }, location }) => {
    if (location.hash) return;
    if (await queries.fetchQuery(sessionQuery)) throw redirect({ to: '/' });
  },
  component: SignIn,
});

function SignIn() {
  const next = insidePath(Route.useSearch().next);
  const [refused, setRefused] = useState('');
  const [busy, setBusy] = useState(false);
  const form = useForm({ mode: 'uncontrolled', initialValues: { email: '', password: '' } });

  const enter = async (credentials: Parameters<typeof signIn>[0]) => {
    setBusy(true);
    try {
      await signIn(credentials);
      leave(next);
    } catch (error) {
      setRefused((error as Error).message);
      setBusy(false);
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the link is used once, on arrival
  useEffect(() => {
    const token = takeToken();
    if (token) void enter({ token });
  }, []);

  return (
    <Gate title="Sign in" intro="Your network, as it is right now.">
      <form onSubmit={form.onSubmit((values) => void enter(values))}>
        <Stack gap="sm">
          {refused ? <Notice tone="bad">{refused}</Notice> : null}
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            required
            size="md"
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            size="md"
            {...form.getInputProps('password')}
          />
          <Button type="submit" loading={busy} fullWidth mt="xs" size="md">
            Sign in
          </Button>
        </Stack>
      </form>
    </Gate>
  );
}

/** Takes the token out of the address, so that it stays neither in the history nor on the screen. */
function takeToken(): string {
  const token = location.hash.slice(1);
  if (token) history.replaceState(history.state, '', location.pathname + location.search);
  return token;
}
