import { Skeleton } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { serverNow } from '../../format/now';
import { dateTime } from '../../format/time';
import { ScrollTable } from '../ScrollTable';
import { DASHES, LINES } from './colours';
import classes from './Graph.module.css';
import type { PlotProps } from './Plot';
import { nearest, type Table, valueAt } from './table';

const Plot = lazy(() => import('./Plot'));

interface Props extends Pick<PlotProps, 'drawn' | 'band' | 'paint' | 'low' | 'high' | 'scale' | 'sync'> {
  /** What is drawn, in a few words: names it for those who cannot see it. */
  label: string;
  table: Table;
  from: number;
  to: number;
  height: number;
  /** A name of each column, for the key, the words and the table. */
  names: string[];
  /** A value in words, with its unit. */
  value: (value: number, column: number) => string;
  /** The values of a moment; `name value`, separated by commas, unless given. */
  words?: (index: number) => string;
  /** What it shows as a whole, in a sentence. */
  summary: string;
  /** Beside the words: a key of its colours. */
  legend?: ReactNode;
  onZoom: (from: number, to: number) => void;
  onZoomOut: () => void;
}

/** Rows of the table below a graph that are in the page. */
const ROWS_MOST = 600;

/** Values over time: the drawing, what it says in words, and its numbers as a table. */
export function Graph({ label, names, value, words, summary, legend, ...plot }: Props) {
  const { table, height } = plot;
  const [pointed, setPointed] = useState<number | null>(null);
  const index = pointed === null ? null : nearest(table.at, pointed);
  const said = words ?? ((place: number) => inWords(table, names, value, place));
  return (
    <figure className={classes.figure}>
      <div role="img" aria-label={`${label}. ${summary}`} className={classes.picture}>
        <Suspense
          fallback={
            <div aria-busy>
              <Skeleton height={height} />
            </div>
          }
        >
          <Plot key={names.join('|')} {...plot} onPoint={setPointed} />
        </Suspense>
      </div>
      {legend ?? (names.length > 1 ? <Key names={names} /> : null)}
      <figcaption className={classes.words}>
        {index === null ? summary : `${moment(table.at[index] ?? 0)}: ${said(index)}`}
      </figcaption>
      <Numbers label={label} table={table} names={names} value={value} />
    </figure>
  );
}

function Key({ names }: { names: string[] }) {
  return (
    <ul className={classes.key}>
      {names.map((name, index) => (
        <li key={name}>
          <svg viewBox="0 0 22 8" aria-hidden="true" className={classes.sample}>
            <path
              d="M0 4H22"
              style={{ stroke: `var(${LINES[index % LINES.length]})` }}
              strokeDasharray={DASHES[index % DASHES.length]?.join(' ')}
            />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}

/** The same as numbers, made when somebody opens it. */
function Numbers({ label, table, names, value }: Pick<Props, 'label' | 'table' | 'names' | 'value'>) {
  const [open, setOpen] = useState(false);
  return (
    <details className={classes.numbers} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>As a table</summary>
      {open ? (
        <ScrollTable
          label={`${label} as a table`}
          rows={rowsOf(table)}
          rowId={({ at }) => at}
          most={ROWS_MOST}
          columns={[
            { header: 'Time', cell: ({ at }) => moment(at) },
            ...names.map((name, column) => ({
              id: `${column}`,
              header: name,
              cell: ({ cells }: { cells: (number | null)[] }) => numberOf(cells[column], column, value),
            })),
          ]}
        />
      ) : null}
    </details>
  );
}

const numberOf = (cell: number | null | undefined, column: number, value: Props['value']): string =>
  cell == null ? '–' : value(cell, column);

/** Moments at which anything was measured, the latest first. */
function rowsOf({ at, columns }: Table): { at: number; cells: (number | null)[] }[] {
  const rows = at.map((time, index) => ({ at: time, cells: columns.map((column) => column[index] ?? null) }));
  return rows.filter(({ cells }) => cells.some((cell) => cell !== null)).reverse();
}

function inWords({ columns }: Table, names: string[], value: Props['value'], index: number): string {
  const parts = columns.flatMap((column, place) => {
    const cell = valueAt(column, index);
    if (cell === null) return [];
    return [names.length > 1 ? `${names[place]} ${value(cell, place)}` : value(cell, place)];
  });
  return parts.length > 0 ? parts.join(', ') : 'no data';
}

/** A moment in unix seconds, as the reader writes it. */
export const moment = (at: number): string => dateTime(new Date(at * 1000).toISOString(), serverNow());
