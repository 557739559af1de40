import { describe, expect, it } from 'vitest';
import { both, everyDay, isCounted, rateSummary, rateTable, usageSheet } from './-usage';

const day = (at: string, down: number, up: number) => ({ at: `${at}T00:00:00Z`, down, up });
const DAYS = [day('2026-03-01', 5_000_000_000, 1), day('2026-03-03', 7, 2)];
const rates = { at: [0, 300, 600], avg: [1000, 3000, 2000], max: [4000, 9000, 2000], step: 300 };

describe('days', () => {
  it('are all that the time touches, and empty where nothing was counted', () => {
    const found = everyDay({ from: '2026-02-28T23:00:00Z', to: '2026-03-04T00:00:00Z', days: DAYS });
    expect(found.map(({ at, day }) => [new Date(at).toISOString().slice(5, 10), day?.down])).toEqual([
      ['02-28', undefined],
      ['03-01', 5_000_000_000],
      ['03-02', undefined],
      ['03-03', 7],
    ]);
  });

  it('are a CSV in bytes', () => {
    expect(usageSheet(DAYS)).toBe(
      'day (UTC),down (bytes),up (bytes)\n2026-03-01,5000000000,1\n2026-03-03,7,2\n',
    );
  });

  it('are told in words', () => {
    expect(both({ down: 12_340_000_000, up: 999 })).toBe('12.3 GB down, 999 B up');
  });
});

it('nothing is counted while there are neither days nor rates', () => {
  const none = { at: [], avg: [], max: [], step: null };
  expect(isCounted({ days: [], rates: { up: none, down: none } })).toBe(false);
  expect(isCounted({ days: DAYS, rates: { up: none, down: none } })).toBe(true);
  expect(isCounted({ days: [], rates: { up: none, down: rates } })).toBe(true);
});

describe('rates', () => {
  it('are a line of means and an area up to the highest', () => {
    expect(rateTable(rates)).toEqual({
      at: [0, 300, 600],
      columns: [
        [1000, 3000, 2000],
        [4000, 9000, 2000],
        [1000, 3000, 2000],
      ],
    });
  });

  it('are told in words', () => {
    expect(rateSummary(rates)).toBe('On average 2 kbit/s, at most 9 kbit/s.');
    expect(rateSummary({ at: [], avg: [], max: [], step: null })).toBe('Nothing was counted in this time.');
  });
});
