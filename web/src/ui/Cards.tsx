import { Skeleton } from '@mantine/core';
import type { ReactTable, RowData } from '@tanstack/react-table';
import type { VirtualItem } from '@tanstack/react-virtual';
import classes from './Cards.module.css';
import { type DataTableProps, opens } from './DataTable';
import { TickRow } from './Ticks';
import type { features } from './table';

interface Props<T extends RowData> extends DataTableProps<T> {
  table: ReactTable<typeof features, T>;
  ids: string[];
  items: VirtualItem[];
  spread: { before: number; after: number };
  measure: (element: HTMLElement | null) => void;
}

/** The rows of a table on a narrow page: one card each, names before values. */
export function Cards<T extends RowData>({ table, ids, items, spread, measure, ...props }: Props<T>) {
  const rows = table.getRowModel().rows;
  const content = (row: (typeof rows)[number]) =>
    props.card ? props.card(row.original) : <Cells table={table} cells={row.getVisibleCells()} />;
  if (!props.rows) {
    return Array.from({ length: 6 }, (_, index) => (
      <div key={index} className={classes.card} aria-hidden>
        <Skeleton height={14} width="60%" mb={10} />
        <Skeleton height={10} width="85%" />
      </div>
    ));
  }
  return (
    <ul
      className={classes.cards}
      aria-label={props.label}
      style={{ paddingTop: spread.before, paddingBottom: spread.after }}
    >
      {items.map(({ index, key }) => {
        const row = rows[index];
        if (!row) return null;
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the link in the title is the way for the keyboard
          <li
            key={key}
            ref={measure}
            data-index={index}
            className={classes.card}
            data-dense={props.card ? true : undefined}
            onClick={(event) => opens(event) && props.onOpen?.(row.original)}
          >
            {props.selection ? (
              <div className={classes.ticked}>
                <TickRow id={row.id} ids={ids} selection={props.selection} />
                <div>{content(row)}</div>
              </div>
            ) : (
              content(row)
            )}
          </li>
        );
      })}
    </ul>
  );
}

interface CellsProps<T extends RowData> {
  table: ReactTable<typeof features, T>;
  cells: ReturnType<ReturnType<Props<T>['table']['getRowModel']>['rows'][number]['getVisibleCells']>;
}

/** Heading, corner and facts; a fact that nothing is known of is left out. */
function Cells<T extends RowData>({ table, cells }: CellsProps<T>) {
  const at = (place: string) => cells.filter((cell) => (cell.column.columnDef.meta?.card ?? '') === place);
  return (
    <>
      <div className={classes.first}>
        <div className={classes.title}>
          {at('title').map((cell) => (
            <table.FlexRender key={cell.id} cell={cell} />
          ))}
        </div>
        <div className={classes.corner}>
          {at('corner').map((cell) => (
            <table.FlexRender key={cell.id} cell={cell} />
          ))}
        </div>
      </div>
      {at('line').map((cell) => (
        <div key={cell.id} className={classes.line}>
          <table.FlexRender cell={cell} />
        </div>
      ))}
      <dl className={classes.facts}>
        {at('').map((cell) => (
          <div key={cell.id}>
            <dt>{String(cell.column.columnDef.header ?? '')}</dt>
            <dd>
              <table.FlexRender cell={cell} />
            </dd>
          </div>
        ))}
      </dl>
      {at('foot').map((cell) => (
        <div key={cell.id} className={classes.foot}>
          <table.FlexRender cell={cell} />
        </div>
      ))}
    </>
  );
}
