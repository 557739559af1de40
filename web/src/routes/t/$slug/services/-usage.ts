import type { Usage, UsageDay, UsageRate } from '../../../../api/types';
import { csv } from '../../../../format/csv';
import { rate, volume } from '../../../../format/number';
import { joined, type Table } from '../../../../ui/graph/table';

/** Columns of a direction's rates: the mean is drawn as a line, and again as the lower edge of the area up to the highest. */
export const MEAN = 0;
export const HIGHEST = 1;
export const EDGE = 2;

const DAY_MS = 86_400_000;

export type Day = Pick<UsageDay, 'up' | 'down'> & { at: number };

/** Every day (UTC) from the first to the last that the time touches; those of which nothing was counted are null. */
export function everyDay({
  from,
  to,
  days,
}: Pick<Usage, 'from' | 'to' | 'days'>): { at: number; day: Day | null }[] {
  const found = new Map(days.map(({ at, up, down }) => [Date.parse(at), { at: Date.parse(at), up, down }]));
  const first = Math.floor(Date.parse(from) / DAY_MS);
  const last = Math.floor((Date.parse(to) - 1) / DAY_MS);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const at = (first + index) * DAY_MS;
    return { at, day: found.get(at) ?? null };
  });
}

/** Whether anything was counted in this time. */
export const isCounted = ({ days, rates }: Pick<Usage, 'days' | 'rates'>): boolean =>
  days.length > 0 || rates.down.at.length > 0 || rates.up.at.length > 0;

/** `12.3 GB down, 1.2 GB up`. */
export const both = ({ up, down }: Pick<Day, 'up' | 'down'>): string =>
  `${volume(down)} down, ${volume(up)} up`;

/** The rates of one direction, as a graph draws them. */
export function rateTable({ at, avg, max, step }: UsageRate): Table {
  const track = (values: number[]) => ({ at, values, step: step ?? null });
  return joined([track(avg), track(max), track(avg)]);
}

/** A rate in bit/s in words. */
export const bits = (value: number): string => rate(value / 1000);

/** `On average 2.1 Mbit/s, at most 18 Mbit/s.` Values stand for times of equal length. */
export function rateSummary({ avg, max }: UsageRate): string {
  if (avg.length === 0) return 'Nothing was counted in this time.';
  const mean = avg.reduce((sum, value) => sum + value, 0) / avg.length;
  const highest = max.reduce((most, value) => Math.max(most, value), 0);
  return `On average ${bits(mean)}, at most ${bits(highest)}.`;
}

/** Days as a CSV, in bytes. */
export function usageSheet(days: UsageDay[]): string {
  const rows = days.map(({ at, down, up }) => [at.slice(0, 10), String(down), String(up)]);
  return csv([['day (UTC)', 'down (bytes)', 'up (bytes)'], ...rows]);
}
