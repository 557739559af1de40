import { IconArchiveOff } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ActionButton } from '../ui/ActionButton';
import { At } from '../ui/Ago';
import { Status } from '../ui/Status';
import { attempt, toast } from '../ui/toast';

/** Instead of a status: what is archived has none. */
export function Archived({ filled = false }: { filled?: boolean }) {
  return <Status tone="archived" label="Archived" filled={filled} />;
}

/** The sentence below the heading of something that is archived. */
export function ArchivedSince({ at, what }: { at: string | null | undefined; what: string }) {
  return (
    <>
      Archived{' '}
      {at ? (
        <>
          since <At at={at} />
        </>
      ) : null}
      {' · '}
      {what}
    </>
  );
}

interface Props {
  /** What comes back. */
  name: string;
  whyNot: string | null;
  work: () => Promise<unknown>;
  /** In a row of a table. */
  small?: boolean;
}

/** All that can be done with something that is archived. */
export function RestoreButton({ name, whyNot, work, small = false }: Props) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const restore = async () => {
    setBusy(true);
    try {
      await attempt(work());
      void toast(`${name} restored`);
      await queries.invalidateQueries();
    } finally {
      setBusy(false);
    }
  };
  return (
    <ActionButton
      leftSection={<IconArchiveOff size={small ? 14 : 16} />}
      whyNot={whyNot}
      loading={busy}
      {...(small ? { size: 'compact-sm', variant: 'default' } : {})}
      onClick={() => void restore().catch(() => undefined)}
    >
      Restore
    </ActionButton>
  );
}
