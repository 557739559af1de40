import { IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { checkRouters } from '../../../../api/routers';
import { useWhyNot } from '../../../../session/session';
import { ActionButton } from '../../../../ui/ActionButton';
import { attempt, toast } from '../../../../ui/toast';

/** Asks every router now about its customers who do not log in. */
export function CheckAll() {
  const whyNot = useWhyNot('routers.test');
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const check = async () => {
    setBusy(true);
    try {
      const { routers } = await attempt(checkRouters());
      void (routers > 0
        ? toast(routers === 1 ? '1 router is being asked now' : `${routers} routers are being asked now`)
        : toast('No router is connected and not paused: there is none to ask', 'bad'));
    } catch {
      // It was said already.
    } finally {
      setBusy(false);
    }
    void queries.invalidateQueries({ queryKey: ['jobs'] });
  };
  return (
    <ActionButton
      variant="default"
      leftSection={<IconRefresh size={16} />}
      whyNot={whyNot}
      loading={busy}
      onClick={() => void check()}
    >
      Check all static and DHCP customers
    </ActionButton>
  );
}
