import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { Device } from '../../../../api/types';
import { useWhyNot } from '../../../../session/session';
import type { Selection } from '../../../../ui/selection';

const ArchiveBar = lazy(() => import('./-ArchiveBar'));

const NONE: ReadonlySet<string> = new Set();

/** The ticks of the table of devices, for those who may change them. */
export function useTicks(rows: Device[] | undefined) {
  const whyNot = useWhyNot('routers.write');
  const [chosen, onChange] = useState(NONE);
  const named = new Map(rows?.map(({ id, name }) => [id, name]));
  const clear = () => onChange(NONE);
  const selection: Selection | undefined = whyNot
    ? undefined
    : { chosen, onChange, name: (id) => named.get(id) ?? 'device' };
  const bar = (): ReactNode =>
    chosen.size > 0 ? (
      <Suspense>
        <ArchiveBar chosen={chosen} onClear={clear} />
      </Suspense>
    ) : null;
  return { selection, clear, bar };
}
