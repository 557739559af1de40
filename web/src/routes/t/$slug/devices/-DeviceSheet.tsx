import { Stack, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { changeDevice } from '../../../../api/devices';
import type { Device } from '../../../../api/types';
import { FormFoot } from '../../../../forms/FormFoot';
import { submit } from '../../../../forms/serverErrors';
import { Sheet } from '../../../../ui/Sheet';
import { canonical } from './-lines';
import { Way } from './-Way';

/** What can be changed of a device. */
export default function DeviceSheet({ device, onClose }: { device: Device; onClose: () => void }) {
  const queries = useQueryClient();
  const form = useForm({
    initialValues: {
      name: device.name,
      address: device.address,
      routerId: device.routerId ?? null,
      reach: device.reach,
      watched: device.watched,
    },
    validate: {
      address: (value) => (canonical(value.trim()) ? null : 'An IP address, such as 192.168.1.20'),
    },
  });
  const send = form.onSubmit(async ({ name, ...values }) => {
    const called = name.trim() === device.address ? values.address.trim() : name.trim();
    const input = {
      ...values,
      name: called || values.address.trim(),
      reach: values.routerId ? values.reach : 'direct',
    } as const;
    if (!(await submit(form, () => changeDevice(device, input), { exists: 'address' }))) return;
    await queries.invalidateQueries({ queryKey: ['devices'] });
    onClose();
  });
  return (
    <Sheet title="Edit device" onClose={onClose}>
      <form onSubmit={send}>
        <Stack gap="sm">
          <TextInput
            label="Name"
            description="Empty: its address"
            data-autofocus
            {...form.getInputProps('name')}
          />
          <TextInput
            label="IP address"
            description="Another address or router is asked at once; until then the status is unknown"
            required
            {...form.getInputProps('address')}
          />
          <Way
            routerId={form.values.routerId}
            reach={form.values.reach}
            error={form.errors.routerId ?? form.errors.reach}
            onChange={(way) => form.setValues(way)}
          />
          <Switch
            label="Watch closely"
            description="It is asked more often than others: every ten seconds unless set otherwise"
            checked={form.values.watched}
            onChange={(event) => form.setFieldValue('watched', event.currentTarget.checked)}
          />
          <FormFoot verb="Save" busy={form.submitting} onCancel={onClose} />
        </Stack>
      </form>
    </Sheet>
  );
}
