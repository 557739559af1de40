import { describe, expect, it } from 'vitest';
import { endsOf, marked, moved, spanOf } from './-range';

const NOW = Date.parse('2026-03-01T12:00:00Z') / 1000;

describe('the range of time of a page', () => {
  it('is a day up to now unless the address says otherwise', () => {
    expect(spanOf({})).toEqual({ seconds: 86_400 });
    expect(spanOf({ range: '7d' })).toEqual({ seconds: 7 * 86_400 });
    expect(spanOf({ range: 'century' })).toEqual({ seconds: 86_400 });
  });

  it('is the part that was marked, where that is one', () => {
    const [from, to] = ['2026-03-01T08:00:00.000Z', '2026-03-01T09:00:00.000Z'];
    expect(spanOf({ range: '7d', from, to })).toEqual({ from, to });
    expect(spanOf({ from: to, to: from })).toEqual({ seconds: 86_400 });
    expect(spanOf({ from, to: 'soon' })).toEqual({ seconds: 86_400 });
  });

  it('is never shorter than a minute', () => {
    const [from, to] = endsOf(marked(NOW, NOW + 10), NOW);
    expect([from, to]).toEqual([NOW - 25, NOW + 35]);
  });

  it('moves by its own length, and ends now at the latest', () => {
    const hour = { seconds: 3600 };
    const before = moved(hour, -1, NOW);
    expect(endsOf(before ?? hour, NOW)).toEqual([NOW - 7200, NOW - 3600]);
    const earlier = moved(before ?? hour, -1, NOW);
    expect(endsOf(moved(earlier ?? hour, 1, NOW) ?? hour, NOW)).toEqual([NOW - 7200, NOW - 3600]);
    expect(moved(before ?? hour, 1, NOW)).toBeNull();
  });
});
