import { Skeleton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type RowData, useTable } from '@tanstack/react-table';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { Cards } from './Cards';
import classes from './DataTable.module.css';
import { SortHeader } from './SortHeader';
import type { Selection } from './selection';
import { TickAll, TickRow } from './Ticks';
import { type Columns, features } from './table';

export interface DataTableProps<T extends RowData> {
  /** Names the table for those who cannot see it. */
  label: string;
  columns: Columns<T>;
  rows: T[] | undefined;
  rowId: (row: T) => string;
  /** How many rows there are on the server. */
  total?: number | undefined;
  sort?: string | undefined;
  onSort?: (sort: string) => void;
  /** A click on a row outside links and buttons. The row's own link stays the way for the keyboard. */
  onOpen?: (row: T) => void;
  /** The end is near: fetch more, if there is more. */
  onEnd?: () => void;
  empty: ReactNode;
  /** Rows can be ticked. */
  selection?: Selection | undefined;
  /** A row on a phone; its cells, each with its name, unless given. */
  card?: (row: T) => ReactNode;
}

const ROW_PX = 38;
const CARD_PX = 116;
const OWN_CARD_PX = 58;
const OVERSCAN = 12;
const NEAR_END = 30;
const SKELETONS = 12;

/** Rows from the server as a table, or as cards on a phone; only what is in view is in the page. */
export function DataTable<T extends RowData>(props: DataTableProps<T>) {
  const phone = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false }) ?? false;
  const table = useTable({
    features,
    columns: props.columns,
    data: props.rows ?? (NOTHING as T[]),
    getRowId: props.rowId,
  });
  const rows = table.getRowModel().rows;
  const ids = useMemo(() => rows.map((row) => row.id), [rows]);
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => (phone ? (props.card ? OWN_CARD_PX : CARD_PX) : ROW_PX),
    overscan: OVERSCAN,
    scrollMargin: frame.current?.offsetTop ?? 0,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { onEnd } = props;
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - NEAR_END) onEnd?.();
  }, [last, rows.length, onEnd]);

  if (props.rows && rows.length === 0) return props.empty;
  const before = (items[0]?.start ?? 0) - virtual.options.scrollMargin;
  const after = virtual.getTotalSize() - ((items.at(-1)?.end ?? 0) - virtual.options.scrollMargin);
  const spread = { before: Math.max(0, before), after: items.length > 0 ? Math.max(0, after) : 0 };

  return (
    <div ref={frame} aria-busy={!props.rows}>
      {phone ? (
        <Cards
          {...props}
          table={table}
          ids={ids}
          items={items}
          spread={spread}
          measure={virtual.measureElement}
        />
      ) : (
        <table className={classes.table} aria-label={props.label} aria-rowcount={props.total ?? -1}>
          <thead>
            {table.getHeaderGroups().map((group) => (
              <tr key={group.id}>
                {props.selection ? (
                  <th className={classes.tick} scope="col">
                    <TickAll ids={ids} selection={props.selection} />
                  </th>
                ) : null}
                {group.headers.map((header) => (
                  <SortHeader
                    key={header.id}
                    meta={header.column.columnDef.meta ?? {}}
                    sort={props.sort}
                    onSort={props.onSort}
                  >
                    <table.FlexRender header={header} />
                  </SortHeader>
                ))}
              </tr>
            ))}
          </thead>
          <tbody>
            {props.rows ? null : <Waiting columns={props.columns.length + (props.selection ? 1 : 0)} />}
            <tr style={{ height: spread.before }} aria-hidden />
            {items.map(({ index, key }) => {
              const row = rows[index];
              if (!row) return null;
              return (
                <tr
                  key={key}
                  ref={virtual.measureElement}
                  data-index={index}
                  aria-rowindex={index + 2}
                  data-open={props.onOpen ? true : undefined}
                  onClick={(event) => opens(event) && props.onOpen?.(row.original)}
                >
                  {props.selection ? (
                    <td className={classes.tick}>
                      <TickRow id={row.id} ids={ids} selection={props.selection} />
                    </td>
                  ) : null}
                  {row.getVisibleCells().map((cell) => {
                    const meta = cell.column.columnDef.meta;
                    return (
                      <td
                        key={cell.id}
                        data-align={meta?.align}
                        data-from={meta?.from}
                        data-wrap={meta?.wrap || undefined}
                      >
                        <table.FlexRender cell={cell} />
                      </td>
                    );
                  })}
                </tr>
              );
            })}
            <tr style={{ height: spread.after }} aria-hidden />
          </tbody>
        </table>
      )}
    </div>
  );
}

const NOTHING: never[] = [];

/** Whether a click means the row: not its links and buttons, and not the end of marking text. */
export function opens(event: React.MouseEvent): boolean {
  const target = event.target as HTMLElement;
  return !target.closest('a, button, input, label') && getSelection()?.isCollapsed !== false;
}

function Waiting({ columns }: { columns: number }) {
  return Array.from({ length: SKELETONS }, (_, index) => (
    <tr key={index} aria-hidden>
      <td colSpan={columns}>
        <Skeleton height={12} width={`${92 - ((index * 7) % 24)}%`} />
      </td>
    </tr>
  ));
}
