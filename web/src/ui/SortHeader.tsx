import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './DataTable.module.css';
import type { ColumnMeta } from './table';

interface Props {
  meta: ColumnMeta;
  /** `field` upwards, `-field` downwards. */
  sort: string | undefined;
  onSort: ((sort: string) => void) | undefined;
  children: ReactNode;
}

/** The head of a column; a button when rows can be sorted by it. */
export function SortHeader({ meta, sort, onSort, children }: Props) {
  const up = sort === meta.sort;
  const down = sort === `-${meta.sort}`;
  const sorted = meta.sort !== undefined && (up || down);
  const common = {
    scope: 'col',
    style: { width: meta.width },
    'data-align': meta.align,
    'data-from': meta.from,
  } as const;
  if (!meta.sort || !onSort) return <th {...common}>{children}</th>;
  const next = sorted ? (up ? `-${meta.sort}` : meta.sort) : meta.downFirst ? `-${meta.sort}` : meta.sort;
  return (
    <th {...common} aria-sort={sorted ? (up ? 'ascending' : 'descending') : undefined}>
      <button type="button" className={classes.sort} onClick={() => onSort(next)}>
        {children}
        {sorted ? up ? <IconArrowUp size={13} aria-hidden /> : <IconArrowDown size={13} aria-hidden /> : null}
      </button>
    </th>
  );
}
