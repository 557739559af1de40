import { expect, it } from 'vitest';
import type { Series } from '../../../../api/types';
import { sheetOf } from './-sheet';

it('the numbers of graphs are a CSV with a row for each moment', () => {
  const median: Series = {
    class: 'ping',
    index: 'median',
    unit: 'ms',
    step: null,
    at: [0, 60],
    avg: [10, 11],
    min: [10, 11],
    max: [10, 11],
  };
  const signal = {
    ...median,
    class: 'signal',
    index: '1',
    unit: 'dBm',
    step: 300,
    at: [60],
    avg: [-61],
    min: [-63],
    max: [-60],
  };
  expect(sheetOf([median, signal, median])).toBe(
    [
      'time,ping:median (ms),signal:1 average (dBm),signal:1 lowest (dBm),signal:1 highest (dBm)',
      '1970-01-01T00:00:00.000Z,10,,,',
      '1970-01-01T00:01:00.000Z,11,-61,-63,-60',
      '',
    ].join('\n'),
  );
});
