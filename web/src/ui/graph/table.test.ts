import { describe, expect, it } from 'vitest';
import { joined, nearest, type Track, valueAt } from './table';

const measured = (...at: number[]): Track => ({ at, values: at.map((_, index) => index), step: null });

describe('series that are joined', () => {
  it('share their times', () => {
    const table = joined([measured(60, 120, 180), { at: [60, 120, 180], values: [7, 8, 9], step: null }]);
    expect(table).toEqual({
      at: [60, 120, 180],
      columns: [
        [0, 1, 2],
        [7, 8, 9],
      ],
    });
  });

  it('go on past moments that only another one has', () => {
    const { at, columns } = joined([measured(60, 120, 180), measured(90, 150)]);
    expect(at).toEqual([60, 90, 120, 150, 180]);
    expect(columns).toEqual([
      [0, undefined, 1, undefined, 2],
      [null, 0, undefined, 1, null],
    ]);
  });

  it('have a gap where values are missing for longer than their interval', () => {
    const { at, columns } = joined([measured(60, 120, 180, 600, 660)]);
    expect(at).toEqual([60, 120, 180, 330, 600, 660]);
    expect(columns).toEqual([[0, 1, 2, null, 3, 4]]);
    expect(joined([measured(60, 120, 180, 300, 360)]).columns).toEqual([[0, 1, 2, 3, 4]]);
  });

  it('of averages have one where a single slot is missing', () => {
    const { at, columns } = joined([{ at: [0, 300, 900], values: [1, 2, 3], step: 300 }]);
    expect(at).toEqual([0, 300, 600, 900]);
    expect(columns).toEqual([[1, 2, null, 3]]);
  });

  it('may have nothing at all', () => {
    expect(joined([measured(), measured(60)])).toEqual({ at: [60], columns: [[null], [0]] });
    expect(joined([])).toEqual({ at: [], columns: [] });
  });
});

it('the nearest moment is found', () => {
  const at = [10, 20, 40];
  expect([0, 14, 16, 29, 31, 99].map((time) => nearest(at, time))).toEqual([0, 0, 1, 1, 2, 2]);
  expect(nearest([], 5)).toBeNull();
});

it('a value is that of the line, and none is in a gap', () => {
  const cells = [1, undefined, 2, null, undefined, 3];
  expect(cells.map((_, index) => valueAt(cells, index))).toEqual([1, 1, 2, null, 3, 3]);
});
