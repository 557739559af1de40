import { Group, NumberInput, PasswordInput, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { changeRouter, createRouter } from '../../../../api/routers';
import type { Router, RouterInput } from '../../../../api/types';
import { FormFoot } from '../../../../forms/FormFoot';
import { lines } from '../../../../forms/lines';
import { submit } from '../../../../forms/serverErrors';
import { Notice } from '../../../../ui/Notice';
import { Sheet } from '../../../../ui/Sheet';

interface Props {
  /** Absent: a new one. */
  router?: Router;
  verb: string;
  onCancel: () => void;
  onSaved: (router: Router) => void;
}

const PLAIN_PORT = 8728;
const TLS_PORT = 8729;

/** Where a router is and how to sign in to it. The password is sent and never shown again. */
export function RouterForm({ router, verb, onCancel, onSaved }: Props) {
  const queries = useQueryClient();
  const form = useForm({
    initialValues: {
      name: router?.name ?? '',
      address: router?.address ?? '',
      port: router?.port ?? PLAIN_PORT,
      tls: Boolean(router?.tls),
      fingerprint: typeof router?.tls === 'string' ? router.tls : '',
      legacyLogin: router?.legacyLogin ?? false,
      username: router?.username ?? 'imsys',
      routed: router?.routed.join('\n') ?? '',
      password: '',
    },
    validate: {
      name: (value) => (value.trim() ? null : 'A name is needed'),
      address: (value) => (value.trim() ? null : 'The address that this server reaches it by'),
      password: (value) => (router || value ? null : 'The password of that user'),
    },
  });
  const send = form.onSubmit(async (values) => {
    const sent = () => {
      const input = wire(values);
      return router ? changeRouter(router, input) : createRouter(input);
    };
    const saved = await submit(form, sent, { tls: 'fingerprint', exists: 'address' });
    if (!saved) return;
    await queries.invalidateQueries({ queryKey: ['routers'] });
    void queries.invalidateQueries({ queryKey: ['overview'] });
    onSaved(saved);
  });
  const secure = (on: boolean) => {
    form.setFieldValue('tls', on);
    const standard = on ? PLAIN_PORT : TLS_PORT;
    if (form.getValues().port === standard) form.setFieldValue('port', on ? TLS_PORT : PLAIN_PORT);
  };
  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        <TextInput
          label="Name"
          placeholder="Lakeside tower"
          required
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Group gap="sm" align="flex-start" grow preventGrowOverflow={false}>
          <TextInput
            label="Address"
            description="Its tunnel address, or a host name"
            placeholder="10.255.7.2"
            required
            {...form.getInputProps('address')}
          />
          <NumberInput
            label="API port"
            description="8728, with TLS 8729"
            min={1}
            max={65_535}
            required
            hideControls
            {...form.getInputProps('port')}
          />
        </Group>
        <Switch
          label="TLS (api-ssl)"
          description="Needs a certificate on the router. Inside a WireGuard tunnel the plain port is the normal case."
          checked={form.values.tls}
          onChange={(event) => secure(event.currentTarget.checked)}
        />
        {form.values.tls ? (
          <TextInput
            label="Fingerprint of its certificate"
            description="SHA-256: it is pinned, no matter who signed it"
            required
            {...form.getInputProps('fingerprint')}
          />
        ) : null}
        <Switch
          label="Old login (RouterOS before 6.43)"
          description="Only for a router that cannot be upgraded."
          checked={form.values.legacyLogin}
          onChange={(event) => form.setFieldValue('legacyLogin', event.currentTarget.checked)}
        />
        {form.values.legacyLogin && !form.values.tls ? (
          <Notice tone="warn" title="The password is sent in plain">
            It travels before the router says that it wants the old login. Use this inside a tunnel alone.
          </Notice>
        ) : null}
        <TextInput
          label="User"
          description={
            router
              ? 'A user for IMSys alone, not admin'
              : 'A user for IMSys alone, not admin. Where the router has none yet, choose one here with its password: the test then shows the commands that create it.'
          }
          required
          autoComplete="off"
          {...form.getInputProps('username')}
        />
        <PasswordInput
          label="Password"
          description={router ? 'Empty: stays as it is. Another address or port needs it again' : undefined}
          required={!router}
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
        <Textarea
          label="Networks routed from here"
          description="Networks behind it that this server reaches itself, as through the tunnel, one a line. Devices there may be asked directly, by ping and SNMP. Name a network only where the route is: behind another router the same address is another device."
          placeholder="192.168.1.0/24"
          autosize
          minRows={1}
          maxRows={8}
          {...form.getInputProps('routed')}
        />
        <FormFoot verb={verb} busy={form.submitting} onCancel={onCancel} />
      </Stack>
    </form>
  );
}

/** The form of a router that is here, at the side of a page. */
export function RouterSheet({
  router,
  onClose,
  onSaved = onClose,
}: {
  router: Router;
  onClose: () => void;
  onSaved?: () => void;
}) {
  return (
    <Sheet title="Edit router" onClose={onClose}>
      <RouterForm router={router} verb="Save" onCancel={onClose} onSaved={onSaved} />
    </Sheet>
  );
}

function wire({
  tls,
  fingerprint,
  password,
  routed,
  ...rest
}: Omit<RouterInput, 'tls' | 'routed'> & { tls: boolean; fingerprint: string; routed: string }): RouterInput {
  return {
    ...rest,
    tls: tls ? fingerprint : false,
    routed: lines(routed),
    ...(password ? { password } : {}),
  } as RouterInput;
}
