import { Radio, Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { routersQuery } from '../../../../api/routers';
import type { Reach } from '../../../../api/types';
import { plain } from '../../../../format/escape';

interface Way {
  routerId: string | null;
  reach: Reach;
}

interface Props extends Way {
  error?: ReactNode;
  disabled?: boolean;
  onChange: (way: Way) => void;
}

/** The router that devices are behind, and who asks them. */
export function Way({ routerId, reach, error, disabled = false, onChange }: Props) {
  const routers = useQuery(routersQuery).data?.items ?? [];
  return (
    <>
      <Select
        label="Behind router"
        placeholder="None: this server asks"
        data={routers.map(({ id, name }) => ({ value: id, label: plain(name) }))}
        value={routerId}
        error={error}
        disabled={disabled}
        searchable
        clearable
        onChange={(next) =>
          onChange({ routerId: next, reach: next ? (routerId ? reach : 'router') : 'direct' })
        }
      />
      {routerId ? (
        <Radio.Group
          label="Asked by"
          value={reach}
          onChange={(next) => onChange({ routerId, reach: next as Reach })}
        >
          <Stack gap={8} mt={4}>
            <Radio
              value="router"
              disabled={disabled}
              label="Its router"
              description="By /tool/ping, so private addresses work. The API user needs the policy “test”."
            />
            <Radio
              value="direct"
              disabled={disabled}
              label="This server"
              description="The address must be reachable from here, as through a tunnel."
            />
          </Stack>
        </Radio.Group>
      ) : null}
    </>
  );
}
