import { Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { changeCustomer, createCustomer } from '../../../../api/customers';
import type { Customer } from '../../../../api/types';
import { FormFoot } from '../../../../forms/FormFoot';
import { submit } from '../../../../forms/serverErrors';
import { Sheet } from '../../../../ui/Sheet';
import { toast } from '../../../../ui/toast';

interface Props {
  /** Absent: a new one. */
  customer?: Customer;
  onClose: () => void;
  onSaved: (customer: Customer) => void;
}

/** Adds or changes a customer. */
export default function CustomerSheet({ onClose, ...rest }: Props) {
  return (
    <Sheet onClose={onClose} title={rest.customer ? 'Edit customer' : 'Add customer'}>
      <CustomerForm onClose={onClose} {...rest} />
    </Sheet>
  );
}

function CustomerForm({ customer, onClose, onSaved }: Props) {
  const queries = useQueryClient();
  const form = useForm({
    initialValues: {
      name: customer?.name ?? '',
      reference: customer?.reference ?? '',
      phone: customer?.phone ?? '',
      email: customer?.email ?? '',
      address: customer?.address ?? '',
      notes: customer?.notes ?? '',
    },
    validate: { name: (value) => (value.trim() ? null : 'A name is needed') },
  });
  const send = form.onSubmit(async ({ name, ...values }) => {
    const rest = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, value.trim() || null]),
    );
    const input = { name, ...rest };
    const saved = await submit(form, () =>
      customer ? changeCustomer(customer, input) : createCustomer(input),
    );
    if (!saved) return;
    await queries.invalidateQueries({ queryKey: ['customers'] });
    void toast(customer ? 'Customer saved' : 'Customer added');
    onSaved(saved);
  });
  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        <TextInput label="Name" required data-autofocus {...form.getInputProps('name')} />
        <TextInput
          label="Reference"
          description="Your own number for this customer"
          {...form.getInputProps('reference')}
        />
        <TextInput label="Phone" type="tel" {...form.getInputProps('phone')} />
        <TextInput label="E-mail" type="email" {...form.getInputProps('email')} />
        <Textarea label="Address" autosize minRows={2} {...form.getInputProps('address')} />
        <Textarea label="Notes" autosize minRows={3} {...form.getInputProps('notes')} />
        <FormFoot verb={customer ? 'Save' : 'Add'} busy={form.submitting} onCancel={onClose} />
      </Stack>
    </form>
  );
}
