import { describe, expect, it } from 'vitest';
import { type Point, scale, shape, ticks } from './trend';

const point = (at: number, value: number, unknown = 0, lowest = value): Point => ({
  at,
  value,
  unknown,
  rest: 0,
  lowest,
});

describe('the shape of a trend', () => {
  it('puts each count into its slot and leaves a gap where nobody counted', () => {
    const made = shape([point(105, 4), point(110, 6), point(125, 5)], 102, 131, 5);
    expect(made.start).toBe(105);
    expect(made.slots.map((slot) => slot?.value ?? null)).toEqual([4, 6, null, null, 5, null]);
    expect(made.runs).toEqual([
      [0, 1],
      [4, 4],
    ]);
    expect(made.uncounted).toBe(10);
  });

  it('takes the time before the first count and the running slot for no gap', () => {
    const made = shape([point(120, 5), point(125, 5)], 100, 131, 5);
    expect(made.uncounted).toBe(0);
    expect(made.runs).toEqual([[4, 5]]);
  });

  it('knows the least that was counted within a slot and the most on average', () => {
    const made = shape([point(100, 8, 0, 2), point(105, 3), point(110, 9)], 100, 112, 5);
    expect([made.lowest?.at, made.highest?.at]).toEqual([100, 110]);
  });

  it('is empty where nothing was counted', () => {
    const made = shape([], 100, 112, 5);
    expect([made.runs, made.uncounted, made.lowest, made.scale]).toEqual([[], 0, undefined, [0, 1]]);
  });

  it('leaves room for what nobody knew, which is not offline', () => {
    expect(shape([point(100, 50, 60)], 100, 101, 5).scale.at(-1)).toBeGreaterThanOrEqual(110);
  });
});

describe('the scale', () => {
  it('has few round steps and reaches the top', () => {
    expect([scale(3), scale(120), scale(392), scale(30_000)]).toEqual([
      [0, 1, 2, 3],
      [0, 50, 100, 150],
      [0, 100, 200, 300, 400],
      [0, 10_000, 20_000, 30_000],
    ]);
  });
});

describe('ticks', () => {
  it('stand at whole hours of the reader', () => {
    const noon = new Date(2026, 2, 10, 12).getTime();
    const hours = ticks(noon, noon + 24 * 3_600_000, 6).map((at) => new Date(at).getHours());
    expect(hours).toEqual([12, 18, 0, 6, 12]);
    const days = ticks(noon - 30 * 86_400_000, noon, 7 * 24).map((at) => new Date(at).getHours());
    expect(days.every((hour) => hour === 0)).toBe(true);
    expect(days.length).toBe(4);
  });
});
