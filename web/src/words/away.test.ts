import { expect, it } from 'vitest';
import { shortDuration } from '../format/time';
import { awayWords } from './away';

it('says how often a router was away and for how long', () => {
  expect(awayWords({ times: 0, seconds: 0 })).toBe('never');
  expect(awayWords({ times: 1, seconds: 42 })).toBe('1 time, 42 s');
  expect(awayWords({ times: 3, seconds: 725 })).toBe('3 times, 12 min 5 s');
  expect(awayWords({ times: 3, seconds: 725 }, shortDuration)).toBe('3 times, 12 min');
});
