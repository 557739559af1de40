import { describe, expect, it } from 'vitest';
import { ago, ahead, duration, shortDuration, took } from './time';

describe('lengths of time', () => {
  it('name their two largest units and leave out a zero', () => {
    expect(duration(0)).toBe('0 s');
    expect(duration(-5)).toBe('0 s');
    expect(duration(12_400)).toBe('12 s');
    expect(duration(3_600_000)).toBe('1 h');
    expect(duration(3_725_000)).toBe('1 h 2 min');
    expect(duration(86_400_000 * 3 + 3_600_000 * 4 + 59_000)).toBe('3 d 4 h');
  });

  it('name one unit where there is little room', () => {
    expect(shortDuration(3_725_000)).toBe('1 h');
    expect(shortDuration(400)).toBe('0 s');
  });
});

describe('how long work took', () => {
  it('is told finely while it is short', () => {
    expect([0, 340, 1240, 59_900, 65_000].map(took)).toEqual([
      '0 ms',
      '340 ms',
      '1.2 s',
      '59.9 s',
      '1 min 5 s',
    ]);
  });
});

describe('what is to come', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');
  it('is told in one unit, and is due when its time has come', () => {
    expect(ahead('2026-03-01T12:04:59Z', now)).toBe('in 4 min');
    expect(ahead('2026-03-01T12:00:00.400Z', now)).toBe('now');
    expect(ahead('2026-03-01T11:59:00Z', now)).toBe('now');
  });
});

describe('an age', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');
  it('counts from now and forgives a clock slightly ahead', () => {
    expect(ago('2026-03-01T11:59:48Z', now)).toBe('12 s ago');
    expect(ago('2026-03-01T12:00:03Z', now)).toBe('just now');
    expect(ago('2026-02-27T12:00:00Z', now)).toBe('2 d ago');
  });
});
