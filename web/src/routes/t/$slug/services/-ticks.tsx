import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { Service } from '../../../../api/types';
import { useWhyNot } from '../../../../session/session';
import type { Selection } from '../../../../ui/selection';
import { serviceName } from '../../../../words/serviceName';
import type { BulkProps } from './-Bulk';

const BulkBar = lazy(() => import('./-Bulk'));

const NONE: ReadonlySet<string> = new Set();

interface Ticks {
  /** For the table; absent for those who may not change services. */
  selection: Selection | undefined;
  choose: (ids: string[]) => void;
  clear: () => void;
  /** What can be done with what is ticked. */
  bar: (props: Pick<BulkProps, 'archived' | 'total' | 'onAll'>) => ReactNode;
}

/** The ticks of a table of services. */
export function useTicks(rows: Service[] | undefined): Ticks {
  const whyNot = useWhyNot('services.write');
  const [chosen, onChange] = useState(NONE);
  const [wanted, setWanted] = useState(false);
  if (!wanted && chosen.size > 0) setWanted(true);
  const named = new Map(rows?.map((service) => [service.id, serviceName(service)]));
  const clear = () => onChange(NONE);
  return {
    selection: whyNot ? undefined : { chosen, onChange, name: (id) => named.get(id) ?? 'service' },
    choose: (ids) => onChange(new Set(ids)),
    clear,
    // It stays once it was there: it says what came of the last act.
    bar: (props) =>
      wanted ? (
        <Suspense>
          <BulkBar chosen={chosen} onClear={clear} {...props} />
        </Suspense>
      ) : null,
  };
}
