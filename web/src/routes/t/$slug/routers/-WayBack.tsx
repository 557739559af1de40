import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { wayBackQuery } from '../../../../api/routers';
import { changeSettings, settingsQuery } from '../../../../api/settings';
import type { WayBack as Known } from '../../../../api/types';
import { submit } from '../../../../forms/serverErrors';
import { useWhyNot } from '../../../../session/session';
import { Panel } from '../../../../ui/Panel';

const FIELDS: Record<keyof Known, { label: string; description: string; placeholder: string }> = {
  webhookUrl: {
    label: 'URL for routers',
    description:
      'At which your routers reach this server: by rule its end of the tunnel. Their scripts call it; people may use another.',
    placeholder: 'https://imsys.example.net',
  },
  serverAddress: {
    label: 'Address for routers',
    description:
      'The IP address under which your routers see this server. Their scripts let it in, and nobody else.',
    placeholder: '10.255.0.1',
  },
};

/** What cannot be written without it, and what can. */
const LACKS: Record<keyof Known, string> = {
  webhookUrl:
    'The live events script below cannot be written yet: the URL at which routers reach this server is not set.',
  serverAddress:
    'The firewall part below cannot be written yet: the address of this server, as routers see it, is not set. The user part works without it, but then the user may sign in from any address.',
};

/** What a script needs and nobody has told: said first, and settable here. Nothing where all is known. */
export function WayBack({ id, needs }: { id: string; needs: (keyof Known)[] }) {
  const { data } = useQuery(wayBackQuery(id));
  const missing = needs.filter((need) => data && data[need] === null);
  if (missing.length === 0) return null;
  return (
    <Panel title="First: where this server is">
      {missing.map((field) => (
        <p key={field} style={{ marginTop: 0 }}>
          {LACKS[field]}
        </p>
      ))}
      <WayBackForm missing={missing} />
    </Panel>
  );
}

function WayBackForm({ missing }: { missing: (keyof Known)[] }) {
  const whyNot = useWhyNot('tenant.settings');
  const queries = useQueryClient();
  const form = useForm({ initialValues: { webhookUrl: '', serverAddress: '' } });
  const send = form.onSubmit(async (values) => {
    const change = Object.fromEntries(missing.map((field) => [field, values[field]]));
    const saved = await submit(form, () => changeSettings(change));
    if (!saved) return;
    queries.setQueryData(settingsQuery.queryKey, saved);
    await queries.invalidateQueries({ queryKey: ['routers'] });
  });
  if (whyNot) return <p>{whyNot}</p>;
  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        {missing.map((field) => (
          <TextInput key={field} required {...FIELDS[field]} {...form.getInputProps(field)} />
        ))}
        <Group justify="flex-end">
          <Button type="submit" loading={form.submitting}>
            Save for all routers
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
