import type { Router } from '../api/types';
import { plural } from '../format/number';
import { duration } from '../format/time';

/** `3 times, 12 min`; `never` where it was not. */
export function awayWords({ times, seconds }: Router['away']['day']): string {
  return times === 0 ? 'never' : `${plural(times, 'time')}, ${duration(seconds * 1000)}`;
}
