import { describe, expect, it } from 'vitest';
import type { Series } from '../../../../api/types';
import { ceiling, LOSS, latencyTable, lossClass, MEDIAN, summary } from './-latency';

function ping(index: string, values: Record<number, number>): Series {
  const at = Object.keys(values).map(Number);
  const avg = Object.values(values);
  return {
    class: 'ping',
    index,
    unit: index === 'loss' ? '%' : 'ms',
    step: null,
    at,
    avg,
    min: avg,
    max: avg,
  };
}

const SOME = [
  ping('median', { 60: 10, 120: 12, 240: 11 }),
  ping('min', { 60: 9, 120: 8, 240: 10 }),
  ping('max', { 60: 14, 120: 40, 240: 12 }),
  ping('loss', { 60: 0, 120: 33, 180: 100, 240: 0 }),
];

describe('latency', () => {
  it('has a gap where everything was lost, and the loss beside it', () => {
    const { at, columns } = latencyTable(SOME);
    expect(at).toEqual([60, 120, 180, 240]);
    expect(columns[MEDIAN]).toEqual([10, 12, null, 11]);
    expect(columns[LOSS]).toEqual([0, 33, 100, 0]);
  });

  it('is said in a sentence', () => {
    expect(summary(latencyTable(SOME))).toBe('Median 11 ms, lowest 8 ms, highest 40 ms; 33.3 % lost.');
    expect(summary(latencyTable([ping('loss', { 60: 100, 120: 100 })]))).toBe(
      'Nothing answered: 100 % lost.',
    );
    expect(summary(latencyTable([]))).toBe('Nothing was measured in this time.');
  });

  it('is coloured by what was lost', () => {
    expect([0, 0.1, 19.9, 20, 49, 50, 100].map(lossClass)).toEqual([0, 1, 1, 2, 2, 3, 3]);
  });

  it('is cut off where a few answers took very much longer than all others', () => {
    const usual = Array.from({ length: 1000 }, (_, index) => 10 + (index % 10));
    expect(ceiling([...usual, null, undefined])).toBeUndefined();
    expect(ceiling([...usual, 900, 2000])).toBe(19 * 1.25);
    expect(ceiling([])).toBeUndefined();
  });
});
