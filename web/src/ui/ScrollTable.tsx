import type { ReactNode } from 'react';
import { count } from '../format/number';
import classes from './ScrollTable.module.css';

interface Column<T> {
  /** Where the header is no text. */
  id?: string;
  header: ReactNode;
  cell: (row: T) => ReactNode;
  /** Left out on a phone, where the rest then stays readable. */
  wide?: boolean;
}

interface Props<T> {
  /** Names the table for those who cannot see it. */
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowId: (row: T) => string | number;
  /** Whether something is wrong with a row. */
  bad?: (row: T) => boolean;
  /** How many rows are shown; a whole file need not be in the page. */
  most?: number;
}

const SHOWN = 200;

/** What an import would do, row by row, in a box that scrolls. */
export function ScrollTable<T>({ label, columns, rows, rowId, bad, most = SHOWN }: Props<T>) {
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard */}
      <section className={classes.scroll} tabIndex={0} aria-label={label}>
        <table className={classes.table}>
          <thead>
            <tr>
              {columns.map(({ id, header, wide }) => (
                <th key={id ?? String(header)} scope="col" data-wide={wide}>
                  {header}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, most).map((row) => (
              <tr key={rowId(row)} data-bad={bad?.(row) || undefined}>
                {columns.map(({ id, header, cell, wide }) => (
                  <td key={id ?? String(header)} data-wide={wide}>
                    {cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rows.length > most ? <span>… and {count(rows.length - most)} more rows</span> : null}
    </>
  );
}
