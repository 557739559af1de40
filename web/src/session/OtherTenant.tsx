import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Empty } from '../ui/Empty';
import { useSession } from './session';

interface Tenant {
  id: string;
  name: string;
}

const CHANNEL = 'imsys-tenant';

/**
 * All tabs of a browser share one session, and a session acts in one tenant. When another tab enters another tenant,
 * this tab must not go on as if nothing had happened: what it sent would land there. Gives that other tenant.
 */
export function useTenantElsewhere({ id, name }: Tenant): Tenant | null {
  const [other, setOther] = useState<Tenant | null>(null);
  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = ({ data }: MessageEvent<Tenant>) => setOther(data.id === id ? null : data);
    channel.postMessage({ id, name });
    return () => channel.close();
  }, [id, name]);
  return other;
}

/** In place of the page, while another tab acts in another tenant. */
export function OtherTenant({ name }: { name: string }) {
  const { tenant } = useSession();
  return (
    <Empty
      title={`Another tab switched to ${name}`}
      actions={<Button onClick={() => location.reload()}>Continue here with {tenant.name}</Button>}
    >
      You are signed in to one network at a time.
    </Empty>
  );
}
