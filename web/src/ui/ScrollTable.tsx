import type { ReactNode } from 'react';
import { count } from '../format/number';
import classes from './ScrollTable.module.css';

interface Column<T> {
  header: string;
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
}

/** Rows shown; a whole file need not be in the page. */
const SHOWN = 200;

/** What an import would do, row by row, in a box that scrolls. */
export function ScrollTable<T>({ label, columns, rows, rowId, bad }: Props<T>) {
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard */}
      <section className={classes.scroll} tabIndex={0} aria-label={label}>
        <table className={classes.table}>
          <thead>
            <tr>
              {columns.map(({ header, wide }) => (
                <th key={header} scope="col" data-wide={wide}>
                  {header}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, SHOWN).map((row) => (
              <tr key={rowId(row)} data-bad={bad?.(row) || undefined}>
                {columns.map(({ header, cell, wide }) => (
                  <td key={header} data-wide={wide}>
                    {cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rows.length > SHOWN ? <span>… and {count(rows.length - SHOWN)} more rows</span> : null}
    </>
  );
}
