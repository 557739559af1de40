import { Button, Group, NumberInput, Skeleton, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { sessionQuery } from '../../../../api/session';
import { changeSettings, settingsQuery } from '../../../../api/settings';
import type { Settings } from '../../../../api/types';
import { submit } from '../../../../forms/serverErrors';
import { useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { Failed } from '../../../../ui/Failed';
import { Panel } from '../../../../ui/Panel';
import { toast } from '../../../../ui/toast';
import classes from './-Settings.module.css';

export const Route = createFileRoute('/t/$slug/settings/general')({
  loader: ({ context: { queries } }) => void queries.prefetchQuery(settingsQuery),
  component: General,
});

function General() {
  const { data, error, refetch } = useQuery(settingsQuery);
  return (
    <Panel title="This network" className={classes.narrow}>
      {error && !data ? <Failed error={error} onRetry={() => void refetch()} /> : null}
      {data ? <GeneralForm settings={data} /> : error ? null : <Skeleton height={120} />}
    </Panel>
  );
}

function GeneralForm({ settings }: { settings: Settings }) {
  const whyNot = useWhyNot('tenant.settings');
  const queries = useQueryClient();
  const form = useForm({ initialValues: settings });
  const send = form.onSubmit(async (values) => {
    const saved = await submit(form, () => changeSettings(values));
    if (!saved) return;
    queries.setQueryData(settingsQuery.queryKey, saved);
    void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
    void toast('Settings saved');
  });
  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        <TextInput label="Name" required disabled={Boolean(whyNot)} {...form.getInputProps('name')} />
        <TextInput
          label="Currency"
          description="Of new plans: three letters, such as KES"
          maxLength={3}
          disabled={Boolean(whyNot)}
          {...form.getInputProps('currency')}
        />
        <NumberInput
          label="Full sync every"
          description="The safety net under live events: 30 seconds to an hour"
          suffix=" s"
          min={30}
          max={3600}
          disabled={Boolean(whyNot)}
          {...form.getInputProps('sweepSeconds')}
        />
        <NumberInput
          label="Static and DHCP customers are checked every"
          description="Their router is asked for them: 10 seconds to an hour"
          suffix=" s"
          min={10}
          max={3600}
          disabled={Boolean(whyNot)}
          {...form.getInputProps('staticCheckSeconds')}
        />
        <NumberInput
          label="Sessions and events are kept for"
          description="1 to 120 months"
          suffix=" months"
          min={1}
          max={120}
          disabled={Boolean(whyNot)}
          {...form.getInputProps('historyMonths')}
        />
        <TextInput
          label="URL for routers"
          description="At which your routers reach this server, for their scripts. Empty: the server's own URL"
          placeholder="https://imsys.example.net"
          disabled={Boolean(whyNot)}
          {...form.getInputProps('webhookUrl')}
        />
        <TextInput
          label="Address for routers"
          description="The IP address under which your routers see this server, for their scripts. Empty: as the installation sets it"
          placeholder="10.255.0.1"
          disabled={Boolean(whyNot)}
          {...form.getInputProps('serverAddress')}
        />
        <Group justify="flex-end">
          {whyNot ? (
            <ActionButton whyNot={whyNot}>Save</ActionButton>
          ) : (
            <Button type="submit" loading={form.submitting}>
              Save
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
