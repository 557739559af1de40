import { describe, expect, it } from 'vitest';
import type { Outage } from '../../../../api/types';
import { answering, upShare, uptime } from './-uptime';

const HOUR = 3600;
const DAY = Date.parse('2026-03-01T00:00:00Z') / 1000;
const at = (hour: number) => new Date((DAY + hour * HOUR) * 1000).toISOString();

const device = {
  createdAt: at(-100),
  status: 'up',
  since: at(23),
  reason: null,
  archivedAt: null,
} as const;
const outage = (from: number, to: number | null): Outage => ({
  from: at(from),
  to: to === null ? null : at(to),
  seconds: ((to ?? 24) - from) * HOUR,
  reason: 'no-answer',
});
const times = (...hours: [number, number][]) =>
  hours.map(([from, to]): [number, number] => [DAY + from * HOUR, DAY + to * HOUR]);

const of = (watched: object, outages: Outage[], parts = times([0, 24]), most = 100) =>
  uptime({ ...device, ...watched }, outages, parts, [DAY, DAY + 24 * HOUR], most);
const parts = ({ segments }: ReturnType<typeof uptime>) =>
  segments.map(({ label, from, to }) => [
    label,
    (Date.parse(from) / 1000 - DAY) / HOUR,
    (Date.parse(to) / 1000 - DAY) / HOUR,
  ]);

describe('uptime', () => {
  it('is everything but the outages, which are cut to the range', () => {
    const day = of({}, [outage(20, 21), outage(-5, 1), outage(-9, -8)]);
    expect(parts(day)).toEqual([
      ['Down', 0, 1],
      ['Up', 1, 20],
      ['Down', 20, 21],
      ['Up', 21, 24],
    ]);
    expect([day.watched, day.down, day.outages.length]).toEqual([24 * HOUR, 2 * HOUR, 2]);
    expect(upShare(day)).toBe('91.66 %');
  });

  it('counts an outage that goes on', () => {
    const day = of({ status: 'down', since: at(18) }, [outage(18, null)]);
    expect([day.watched, day.down]).toEqual([24 * HOUR, 6 * HOUR]);
  });

  it('begins when the device was added, and ends when it was archived', () => {
    const day = of({ createdAt: at(6), archivedAt: at(12) }, [outage(10, 11)]);
    expect(parts(day)).toEqual([
      ['Up', 6, 10],
      ['Down', 10, 11],
      ['Up', 11, 12],
    ]);
    expect(day.watched).toBe(6 * HOUR);
  });

  it('leaves out the time of which nobody knows', () => {
    const day = of({ createdAt: at(1) }, [outage(10, 12)], times([2, 6], [8, 24]));
    expect(parts(day)).toEqual([
      ['Unknown', 1, 2],
      ['Up', 2, 6],
      ['Unknown', 6, 8],
      ['Up', 8, 10],
      ['Down', 10, 12],
      ['Up', 12, 24],
    ]);
    expect([day.watched, day.down]).toEqual([20 * HOUR, 2 * HOUR]);
    expect(parts(of({}, [], []))).toEqual([
      ['Unknown', 0, 23],
      ['Up', 23, 24],
    ]);
  });

  it('is unknown from when it became so', () => {
    const day = of({ status: 'unknown', since: at(12), reason: 'router-away' }, [outage(10, 12)]);
    expect(parts(day).at(-1)).toEqual(['Unknown', 12, 24]);
    expect(day.segments.at(-1)?.note).toMatch(/router/);
  });

  it('is not known before the oldest outage of those that are told', () => {
    expect(parts(of({}, [outage(20, 21), outage(12, 13)], times([0, 24]), 2))[0]).toEqual(['Down', 12, 13]);
  });

  it('is never rounded to all or nothing', () => {
    const share = (down: number) => upShare({ watched: 86_400, down });
    expect([0, 1, 60, 43_200, 86_399, 86_400].map(share)).toEqual([
      '100 %',
      '99.99 %',
      '99.93 %',
      '50 %',
      '0.01 %',
      '0 %',
    ]);
    expect(upShare({ watched: 0, down: 0 })).toBe('–');
  });
});

describe('a device answers', () => {
  const known = (at: number[], avg: number[], step: number | null = null) => answering({ at, avg, step });

  it('as long as its answers follow each other', () => {
    expect(known([0, 60, 120, 600, 660], [0, 33, 0, 0, 0])).toEqual([
      [-75, 195],
      [525, 735],
    ]);
    expect(known([0, 3600, 14_400], [0, 0, 0], 3600)).toEqual([
      [-2700, 6300],
      [11_700, 17_100],
    ]);
    expect(known([60], [0])).toEqual([[-15, 135]]);
    expect(known([], [])).toEqual([]);
  });

  it('not while everything is lost, unless that is a moment', () => {
    expect(known([0, 60, 120], [0, 100, 0])).toEqual([[-75, 195]]);
    expect(known([0, 60, 120, 180, 240], [0, 100, 100, 100, 0])).toEqual([
      [-75, 75],
      [165, 315],
    ]);
  });
});
