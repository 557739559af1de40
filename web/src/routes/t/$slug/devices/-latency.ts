import type { Series } from '../../../../api/types';
import { loss as lossWords, millis } from '../../../../format/number';
import { type Cell, joined, type Table } from '../../../../ui/graph/table';

/** The columns of the table of latency. */
export const [LOWEST, HIGHEST, MEDIAN, LOSS, WORST] = [0, 1, 2, 3, 4] as const;

/** What a line is drawn in: nothing lost, some, much, at least half. */
export type LossClass = 0 | 1 | 2 | 3;

/** The colour of each class in the theme, and a width that tells it without one. */
export const LOSSES: Record<LossClass, { label: string; colour: string; width: number }> = {
  0: { label: 'none lost', colour: '--good', width: 1.5 },
  1: { label: '1–19 %', colour: '--warn-fill', width: 2 },
  2: { label: '20–49 %', colour: '--paused-fill', width: 2.75 },
  3: { label: '50 % or more', colour: '--bad-fill', width: 3.5 },
};

export function lossClass(percent: number): LossClass {
  if (percent <= 0) return 0;
  if (percent < 20) return 1;
  return percent < 50 ? 2 : 3;
}

/** Median, lowest, highest and loss on one column of times; where every request was lost the line has a gap. */
export function latencyTable(series: Series[]): Table {
  const of = (index: string) => series.find((each) => each.class === 'ping' && each.index === index);
  const [median, min, max, loss] = [of('median'), of('min'), of('max'), of('loss')];
  const track = (each: Series | undefined, values: number[] | undefined) => ({
    at: each?.at ?? [],
    values: values ?? [],
    step: each?.step ?? null,
  });
  const table = joined([
    track(min, min?.min),
    track(max, max?.max),
    track(median, median?.avg),
    track(loss, loss?.avg),
    track(loss, loss?.max),
  ]);
  const { at, columns } = table;
  const isLost = (columns[LOSS] ?? []).map((cell) => typeof cell === 'number' && cell >= 100);
  return {
    at,
    columns: columns.map((column, place) =>
      place >= LOSS ? column : column.map((cell, index) => (isLost[index] ? null : cell)),
    ),
  };
}

/** A few answers that took very long would make everything else a flat line. */
const SHOWN_SHARE = 0.995;
/** As much above that is not worth a cut. */
const WORTH = 1.25;

/** Where the scale ends when the highest values are cut off; nothing when they need not be. */
export function ceiling(column: Cell[]): number | undefined {
  const values = column.filter((cell) => typeof cell === 'number').sort((a, b) => a - b);
  const [last = 0, usual = 0] = [values.at(-1), values[Math.ceil(values.length * SHOWN_SHARE) - 1]];
  return last > usual * WORTH ? usual * WORTH : undefined;
}

/** Everything as one sentence. */
export function summary({ columns }: Table): string {
  const numbers = (place: number) => (columns[place] ?? []).filter((cell) => typeof cell === 'number');
  const lost = numbers(LOSS);
  if (lost.length === 0 && numbers(MEDIAN).length === 0) return 'Nothing was measured in this time.';
  const mean = lost.reduce((sum, value) => sum + value, 0) / Math.max(1, lost.length);
  const medians = numbers(MEDIAN).sort((a, b) => a - b);
  if (medians.length === 0) return `Nothing answered: ${lossWords(mean)} lost.`;
  const median = medians[medians.length >> 1];
  const [low, high] = [
    least(numbers(LOWEST), medians),
    -least(numbers(HIGHEST).map(minus), medians.map(minus)),
  ];
  const tail = lost.length > 0 ? `; ${lossWords(mean)} lost` : '';
  return `Median ${millis(median)}, lowest ${millis(low)}, highest ${millis(high)}${tail}.`;
}

const minus = (value: number): number => -value;

const least = (values: number[], otherwise: number[]): number =>
  (values.length > 0 ? values : otherwise).reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
