import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it, vi } from 'vitest';
import { atMostEvery, liveApplier, withChange } from './apply';

describe('a live change', () => {
  it('replaces the same or an older revision, never a newer one, never another thing', () => {
    const item = { id: 'a', rev: 4, status: 'online' };
    const change = (id: string, rev: number) => ({ id, rev, status: 'offline' });
    expect(withChange(item, change('a', 5))).toEqual({ id: 'a', rev: 5, status: 'offline' });
    expect(withChange(item, change('a', 3))).toBe(item);
    expect(withChange(item, change('b', 9))).toBe(item);
  });

  it('reaches every list and page that shows the service', () => {
    const queries = new QueryClient();
    const service = { id: 's-1', rev: 1, status: 'online' };
    queries.setQueryData(['services', 'list', {}], { pages: [{ items: [service] }], pageParams: [''] });
    queries.setQueryData(['services', 'one', 's-1'], service);
    liveApplier(queries)('service', { seq: 1, items: [{ id: 's-1', rev: 2, status: 'offline' }] });
    expect(queries.getQueryData(['services', 'one', 's-1'])).toMatchObject({ rev: 2, status: 'offline' });
    expect(queries.getQueryData(['services', 'list', {}])).toMatchObject({
      pages: [{ items: [{ rev: 2, status: 'offline' }] }],
    });
  });

  it('reaches the list and the page of a device, and lists by status are fetched again', () => {
    vi.useFakeTimers();
    const queries = new QueryClient();
    const device = { id: 'd-1', rev: 1, status: 'unknown', name: 'Roof' };
    const listed = (filters: object) => ['devices', 'list', filters];
    for (const filters of [{}, { status: 'unknown' }]) {
      queries.setQueryData(listed(filters), { pages: [{ items: [device] }], pageParams: [''] });
    }
    queries.setQueryData(['devices', 'one', 'd-1'], device);
    queries.setQueryData(['devices', 'one', 'd-1', 'outages'], []);
    queries.setQueryData(['overview'], {});
    liveApplier(queries)('device', { seq: 1, items: [{ id: 'd-1', rev: 2, status: 'down' }] });
    vi.advanceTimersByTime(60_000);
    expect(queries.getQueryData(['devices', 'one', 'd-1'])).toEqual({ ...device, rev: 2, status: 'down' });
    expect(queries.getQueryData(listed({}))).toMatchObject({ pages: [{ items: [{ status: 'down' }] }] });
    const isStale = (key: unknown[]) => queries.getQueryState(key)?.isInvalidated;
    expect(isStale(['devices', 'one', 'd-1', 'outages'])).toBe(true);
    expect(isStale(listed({ status: 'unknown' }))).toBe(true);
    expect(isStale(listed({}))).toBe(false);
    expect(isStale(['overview'])).toBe(false);
    vi.useRealTimers();
  });

  it('of a job makes the lists of jobs be fetched again, and nothing else', () => {
    vi.useFakeTimers();
    const queries = new QueryClient();
    const keys = [['jobs', 'runs'], ['jobs', 'list', 'failed'], ['overview'], ['services', 'list', {}]];
    for (const key of keys) queries.setQueryData(key, {});
    const tell = liveApplier(queries);
    tell('job', { seq: 1, items: [{ id: 'r-1', rev: 1, running: true }] });
    tell('job', { seq: 2, items: [{ id: 'r-1', rev: 2, running: false }] });
    vi.advanceTimersByTime(60_000);
    const stale = keys.filter((key) => queries.getQueryState(key)?.isInvalidated);
    expect(stale).toEqual([
      ['jobs', 'runs'],
      ['jobs', 'list', 'failed'],
    ]);
    vi.useRealTimers();
  });

  it('of the counts is in the overview at once', () => {
    const queries = new QueryClient();
    const counts = (total: number) => ({ online: total, offline: 0, unknown: 0, suspended: 0, total });
    queries.setQueryData(['overview'], { services: counts(1), unknownUsers: 3 });
    liveApplier(queries)('overview', { seq: 1, items: [{ id: 't-1', rev: 9, services: counts(2) }] });
    expect(queries.getQueryData(['overview'])).toEqual({ services: counts(2), unknownUsers: 3 });
  });

  it('of a kind that this version does not know changes nothing', () => {
    expect(() => liveApplier(new QueryClient())('weather', {})).not.toThrow();
  });
});

describe('work asked for often', () => {
  it('is done once per span, and again when asked again later', () => {
    vi.useFakeTimers();
    const work = vi.fn();
    const ask = atMostEvery(1000, work);
    for (let asked = 0; asked < 50; asked += 1) ask();
    vi.advanceTimersByTime(1000);
    expect(work).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(5000);
    ask();
    vi.advanceTimersByTime(1000);
    expect(work).toHaveBeenCalledTimes(2);
    vi.useRealTimers();
  });
});
