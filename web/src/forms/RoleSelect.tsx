import { Radio, Stack } from '@mantine/core';
import type { Role } from '../api/types';
import { ROLES } from '../session/session';

interface Props {
  value?: Role;
  onChange?: (role: Role) => void;
  error?: React.ReactNode;
}

/** One role, each with what it may do. */
export function RoleSelect({ value, onChange, error }: Props) {
  return (
    <Radio.Group label="Role" value={value} onChange={(role) => onChange?.(role as Role)} error={error}>
      <Stack gap={8} mt={4}>
        {Object.entries(ROLES).map(([role, { label, hint }]) => (
          <Radio key={role} value={role} label={label} description={hint} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
