import { Stack, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { changeDevice } from '../../../../api/devices';
import type { Device } from '../../../../api/types';
import { FormFoot } from '../../../../forms/FormFoot';
import { OwnLogin } from '../../../../forms/OwnLogin';
import { submit } from '../../../../forms/serverErrors';
import { ownLogin, ownLoginRules, SNMP_PLACES, snmpValues } from '../../../../forms/snmp';
import { Sheet } from '../../../../ui/Sheet';
import { canonical } from './-lines';
import { Way } from './-Way';

/** What can be changed of a device. */
export default function DeviceSheet({ device, onClose }: { device: Device; onClose: () => void }) {
  const queries = useQueryClient();
  const { access } = device.snmp;
  const form = useForm({
    initialValues: {
      name: device.name,
      address: device.address,
      routerId: device.routerId ?? null,
      reach: device.reach,
      watched: device.watched,
      own: Boolean(access),
      ...snmpValues(access),
    },
    validate: {
      address: (value) => (canonical(value.trim()) ? null : 'An IP address, such as 192.168.1.20'),
      ...ownLoginRules(access),
    },
  });
  const send = form.onSubmit(async ({ name, ...values }) => {
    const called = name.trim() === device.address ? values.address.trim() : name.trim();
    const { address, routerId, watched } = values;
    const input = {
      address,
      routerId,
      watched,
      name: called || address.trim(),
      reach: routerId ? values.reach : 'direct',
      ...ownLogin(values, access),
    } as const;
    const places = { ...SNMP_PLACES, exists: 'address' } as const;
    if (!(await submit(form, () => changeDevice(device, input), places))) return;
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
          <OwnLogin
            values={form.values}
            field={(name) => form.getInputProps(name)}
            stored={access}
            onOwn={(own) => form.setValues({ ...snmpValues(own ? access : null), own })}
          />
          <FormFoot verb="Save" busy={form.submitting} onCancel={onClose} />
        </Stack>
      </form>
    </Sheet>
  );
}
