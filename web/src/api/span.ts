import { serverNow } from '../format/now';

/** A range of time: up to now, or between two moments. */
export type Span = { seconds: number } | { from: string; to: string };

/** Both ends as the API is asked for them. */
export function ends(span: Span): { from: string; to: string } {
  if (!('seconds' in span)) return span;
  const to = serverNow();
  return { from: new Date(to - span.seconds * 1000).toISOString(), to: new Date(to).toISOString() };
}
