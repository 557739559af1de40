import type { Span } from '../../../../api/metrics';

/** The range of time of a page, as it stands in the address. */
export interface RangeSearch {
  range?: string;
  /** Both ends, RFC 3339, where somebody marked a part of a graph. */
  from?: string;
  to?: string;
}

const HOUR = 3600;
const DAY = 24 * HOUR;

export const RANGES = [
  { value: '1h', label: '1 h', seconds: HOUR },
  { value: '6h', label: '6 h', seconds: 6 * HOUR },
  { value: '24h', label: '24 h', seconds: DAY },
  { value: '7d', label: '7 d', seconds: 7 * DAY },
  { value: '30d', label: '30 d', seconds: 30 * DAY },
  { value: '1y', label: '1 y', seconds: 365 * DAY },
] as const;

const FIRST = RANGES[2];

/** Less says nothing: devices are asked every ten seconds at most. */
const SHORTEST = 60;

export const rangeOf = ({ range }: RangeSearch) => RANGES.find(({ value }) => value === range) ?? FIRST;

/** What is asked for: a part that was marked, or the time up to now. */
export function spanOf(search: RangeSearch): Span {
  const [from, to] = [Date.parse(search.from ?? ''), Date.parse(search.to ?? '')];
  if (from < to) return between(from / 1000, to / 1000);
  return { seconds: rangeOf(search).seconds };
}

/** The part from one moment to another, in unix seconds; around them where that is too short. */
export function marked(from: number, to: number): { from: string; to: string } {
  const lacking = Math.max(0, SHORTEST - (to - from)) / 2;
  return between(from - lacking, to + lacking);
}

/** The time before or after, as long as this one; what would end after `now` ends now. */
export function moved(span: Span, by: -1 | 1, now: number): { from: string; to: string } | null {
  const [from, to] = endsOf(span, now);
  const length = to - from;
  if (by === -1) return between(from - length, from);
  return to + length >= now ? null : between(to, to + length);
}

/** Both ends in unix seconds. */
export function endsOf(span: Span, now: number): [from: number, to: number] {
  if ('seconds' in span) return [now - span.seconds, now];
  return [Date.parse(span.from) / 1000, Date.parse(span.to) / 1000];
}

const between = (from: number, to: number) => ({ from: iso(from), to: iso(to) });

const iso = (at: number): string => new Date(Math.round(at) * 1000).toISOString();
