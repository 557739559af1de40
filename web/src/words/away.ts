import type { Router } from '../api/types';
import { plural } from '../format/number';
import { duration } from '../format/time';

/** `3 times, 12 min 5 s`, or with another way to tell a length of time; `never` where it was not. */
export function awayWords({ times, seconds }: Router['away']['day'], length = duration): string {
  return times === 0 ? 'never' : `${plural(times, 'time')}, ${length(seconds * 1000)}`;
}
