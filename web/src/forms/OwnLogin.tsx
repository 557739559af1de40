import { Button, Group, Stack, Text } from '@mantine/core';
import type { ComponentProps } from 'react';
import { SnmpFields } from './SnmpFields';
import type { OwnLoginValues } from './snmp';

interface Props extends Omit<ComponentProps<typeof SnmpFields>, 'values'> {
  values: OwnLoginValues;
  onOwn: (own: boolean) => void;
}

/** A login of a device alone, instead of those in the settings. */
export function OwnLogin({ values, field, stored, onOwn }: Props) {
  const { own } = values;
  return (
    <Stack gap="sm" component="fieldset" style={{ border: 0, margin: 0, padding: 0 }}>
      <Group justify="space-between" gap="sm">
        <Text component="legend" fw={600} size="sm" style={{ padding: 0, float: 'left' }}>
          Own SNMP login
        </Text>
        <Button size="compact-sm" variant="default" onClick={() => onOwn(!own)}>
          {own ? 'Remove own login' : stored ? 'Keep own login' : 'Set own login'}
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        {own
          ? 'It is tried with this login and no other.'
          : stored
            ? 'Its own login is taken away when this is saved; then it is tried with those in the settings.'
            : 'None: it is tried with the logins in the settings that are bound to it.'}
      </Text>
      {own ? <SnmpFields values={values} field={field} stored={stored} /> : null}
    </Stack>
  );
}
