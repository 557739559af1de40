import type { Series } from '../../../../api/types';
import { csv } from '../../../../format/csv';

/** Series as a CSV: a row for each moment, three columns each: average, lowest and highest; one where values are as measured. */
export function sheetOf(series: Series[]): string {
  const unique = [...new Map(series.map((each) => [`${each.class}:${each.index}`, each])).values()];
  const columns = unique.flatMap(columnsOf);
  const times = [...new Set(unique.flatMap(({ at }) => at))].sort((a, b) => a - b);
  const head = ['time', ...columns.map(({ head }) => head)];
  const rows = times.map((time) => [
    new Date(time * 1000).toISOString(),
    ...columns.map(({ values }) => values.get(time)?.toString()),
  ]);
  return csv([head, ...rows]);
}

interface Column {
  head: string;
  values: Map<number, number>;
}

function columnsOf({ class: kind, index, unit, step, at, avg, min, max }: Series): Column[] {
  const column = (end: string, numbers: number[]): Column => ({
    head: `${kind}:${index}${end}${unit ? ` (${unit})` : ''}`,
    values: new Map(at.map((time, place) => [time, numbers[place] ?? Number.NaN])),
  });
  if (step == null) return [column('', avg)];
  return [column(' average', avg), column(' lowest', min), column(' highest', max)];
}
