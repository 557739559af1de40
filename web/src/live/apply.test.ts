import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import type { Overview, RecentChange } from '../api/types';
import { liveApplier, withChange, withOverview } from './apply';

const change = (at: string, serviceId = 's-1'): RecentChange => ({
  at,
  serviceId,
  username: 'lake-1',
  customerName: null,
  routerId: 'r-1',
  routerName: 'Lake',
  status: 'online',
  cause: null,
  source: 'webhook',
});

const overview = (recent: RecentChange[]): Overview => ({
  services: { online: 1, offline: 0, unknown: 0, suspended: 0, total: 1 },
  routers: { up: 1, down: 0, unknown: 0, total: 1 },
  trouble: [],
  recent,
  unknownUsers: 0,
  checklist: { hasRouter: true, hasService: true, hasWebhook: true },
});

describe('a live change', () => {
  it('replaces the same or an older revision, never a newer one, never another thing', () => {
    const item = { id: 'a', rev: 4, status: 'online' };
    expect(withChange(item, { id: 'a', rev: 5, status: 'offline' } as never)).toMatchObject({
      rev: 5,
      status: 'offline',
    });
    expect(withChange(item, { id: 'a', rev: 3, status: 'offline' } as never)).toBe(item);
    expect(withChange(item, { id: 'b', rev: 9, status: 'offline' } as never)).toBe(item);
  });

  it('goes to the top of what just changed, once', () => {
    const [old, fresh] = [change('2026-01-01T00:00:00Z'), change('2026-01-01T00:00:05Z', 's-2')];
    const { recent } = withOverview(overview([old]), { recent: [fresh, old] });
    expect(recent).toEqual([fresh, old]);
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

  it('of a kind that this version does not know changes nothing', () => {
    const queries = new QueryClient();
    expect(() => liveApplier(queries)('weather', {})).not.toThrow();
  });
});
