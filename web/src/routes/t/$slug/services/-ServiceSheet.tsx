import { SegmentedControl, Select, Stack, TextInput } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { plansQuery } from '../../../../api/plans';
import { routersQuery } from '../../../../api/routers';
import { changeService, createService } from '../../../../api/services';
import type { Service, ServiceInput, ServiceKind } from '../../../../api/types';
import { plain } from '../../../../format/escape';
import { CustomerSelect } from '../../../../forms/CustomerSelect';
import { FormFoot } from '../../../../forms/FormFoot';
import { submit } from '../../../../forms/serverErrors';
import { Sheet } from '../../../../ui/Sheet';
import { toast } from '../../../../ui/toast';
import { KIND } from '../../../../words/states';

interface Props {
  /** Absent: a new one. */
  service?: Service;
  /** What a new one starts with. */
  customer?: { id: string; name: string };
  onClose: () => void;
  onSaved: (service: Service) => void;
}

/** Adds or changes a service. */
export default function ServiceSheet({ onClose, ...rest }: Props) {
  return (
    <Sheet onClose={onClose} title={rest.service ? 'Edit service' : 'Add service'}>
      <ServiceForm onClose={onClose} {...rest} />
    </Sheet>
  );
}

const MAC = 'AA:BB:CC:DD:EE:FF';

type Values = typeof BLANK;

const BLANK = {
  kind: 'pppoe' as ServiceKind,
  username: '',
  address: '',
  mac: '',
  interface: '',
  vrf: '',
  routerId: '',
  customerId: '',
  planId: '',
};

function ServiceForm({ service, customer, onClose, onSaved }: Props) {
  const queries = useQueryClient();
  const routers = useQuery(routersQuery).data?.items ?? [];
  const plans = useQuery(plansQuery).data?.items ?? [];
  const form = useForm({
    initialValues: service ? filled(service) : { ...BLANK, customerId: customer?.id ?? '' },
    validate: {
      username: (value, { kind }) =>
        kind === 'pppoe' && !value ? 'The name that the customer dials with' : null,
      address: (value, { kind }) => (kind === 'static' && !value ? 'The address of the customer' : null),
      mac: (value, { kind }) => (kind === 'dhcp' && !value ? 'The MAC address of the device' : null),
      routerId: (value) => (value ? null : 'Behind which router?'),
    },
  });
  const send = form.onSubmit(async (values) => {
    const input = nulled(values);
    const sent = () => (service ? changeService(service, input) : createService(input));
    const saved = await submit(form, sent, { exists: KEY[values.kind] });
    if (!saved) return;
    await queries.invalidateQueries({ queryKey: ['services'] });
    void toast(service ? 'Service saved' : 'Service added');
    onSaved(saved);
  });
  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        <SegmentedControl
          aria-label="Kind"
          disabled={Boolean(service)}
          data={Object.entries(KIND).map(([value, label]) => ({ value, label }))}
          {...form.getInputProps('kind')}
        />
        {FIELDS[form.values.kind](form)}
        <Select
          label="Router"
          required
          searchable
          data={routers.map(({ id, name }) => ({ value: id, label: plain(name) }))}
          {...form.getInputProps('routerId')}
        />
        <CustomerSelect
          current={
            service?.customerId ? { id: service.customerId, name: service.customerName ?? '' } : customer
          }
          {...form.getInputProps('customerId')}
        />
        <Select
          label="Plan"
          clearable
          data={plans.map(({ id, name }) => ({ value: id, label: plain(name) }))}
          {...form.getInputProps('planId')}
          value={form.values.planId || null}
        />
        <FormFoot verb={service ? 'Save' : 'Add'} busy={form.submitting} onCancel={onClose} />
      </Stack>
    </form>
  );
}

/** The field of each kind that no other service on the router may share. */
const KEY = { pppoe: 'username', static: 'address', dhcp: 'mac' } as const;

/** What the router recognises a service of each kind by. */
const FIELDS: Record<ServiceKind, (form: UseFormReturnType<Values>) => ReactNode> = {
  pppoe: (form) => (
    <TextInput
      label="User name"
      description="As in the PPP secret"
      required
      data-autofocus
      {...form.getInputProps('username')}
    />
  ),
  static: (form) => (
    <>
      <TextInput
        label="Address"
        placeholder="100.64.3.21"
        required
        data-autofocus
        {...form.getInputProps('address')}
      />
      <TextInput
        label="MAC"
        description="Optional: another MAC is then reported"
        placeholder={MAC}
        {...form.getInputProps('mac')}
      />
      <TextInput
        label="Interface"
        description="Optional: where the router looks for it"
        placeholder="vlan120"
        {...form.getInputProps('interface')}
      />
    </>
  ),
  dhcp: (form) => (
    <TextInput
      label="MAC address"
      description="Of the device that gets its address from the router's DHCP server. Its lease tells the address and the interface."
      placeholder={MAC}
      required
      data-autofocus
      {...form.getInputProps('mac')}
    />
  ),
};

const filled = (service: Service): Values => ({
  kind: service.kind,
  username: service.username ?? '',
  address: service.address ?? '',
  mac: service.mac ?? '',
  interface: service.interface ?? '',
  vrf: service.vrf ?? '',
  routerId: service.routerId,
  customerId: service.customerId ?? '',
  planId: service.planId ?? '',
});

/** Empty fields are `null`; what the kind does not have is left out. */
function nulled({ kind, username, address, mac, interface: port, vrf, ...ids }: Values): ServiceInput {
  const own = {
    pppoe: { username },
    static: { address, mac: mac || null, interface: port || null, vrf: vrf || null },
    dhcp: { mac },
  };
  return {
    kind,
    ...own[kind],
    routerId: ids.routerId,
    customerId: ids.customerId || null,
    planId: ids.planId || null,
  };
}
