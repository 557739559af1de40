import { expect, it } from 'vitest';
import { between, ticked } from './selection';

it('ticks and unticks without touching what was given', () => {
  const chosen = new Set(['a']);
  expect([...ticked(chosen, ['b', 'c'], true)]).toEqual(['a', 'b', 'c']);
  expect([...ticked(chosen, ['a', 'x'], false)]).toEqual([]);
  expect([...chosen]).toEqual(['a']);
});

it('takes the rows between two clicks, in either direction', () => {
  const ids = ['a', 'b', 'c', 'd'];
  expect(between(ids, 'b', 'd')).toEqual(['b', 'c', 'd']);
  expect(between(ids, 'd', 'c')).toEqual(['c', 'd']);
  expect(between(ids, null, 'c')).toEqual(['c']);
  expect(between(ids, 'gone', 'c')).toEqual(['c']);
});
