import type { RouterState } from '../api/types';
import { columnsOf } from '../ui/table';
import { RouterLink } from './Links';
import { RouterStatus } from './RouterStatus';

interface RouterRow {
  id: string;
  name: string;
  state: RouterState;
  paused: boolean;
  archived?: boolean;
}

/** What every table of routers begins with: which one, and how it is. */
export function routerColumns<T extends RouterRow>() {
  const column = columnsOf<T>();
  return [
    column.display({
      id: 'name',
      header: 'Router',
      meta: { sort: 'name', card: 'title', width: '15%' },
      cell: ({ row: { original } }) => <RouterLink id={original.id} name={original.name} />,
    }),
    column.display({
      id: 'state',
      header: 'State',
      meta: { sort: 'state', card: 'corner', width: '8rem' },
      cell: ({ row: { original } }) => <RouterStatus {...original} />,
    }),
  ] as const;
}
