import { expect, it } from 'vitest';
import { hasRoom, livingFirst } from './found';

it('shows what is archived after what lives, and only where there is room', () => {
  expect(livingFirst(['a'], ['x', 'y'], 2)).toEqual(['a', 'x']);
  expect(livingFirst(['a', 'b'], ['x'], 2)).toEqual(['a', 'b']);
  expect(livingFirst(undefined, ['x'], 2)).toEqual([]);
});

it('asks for what is archived once it knows that there is room', () => {
  expect(hasRoom(undefined, 2)).toBe(false);
  expect(hasRoom(['a', 'b'], 2)).toBe(false);
  expect(hasRoom([], 2)).toBe(true);
});
