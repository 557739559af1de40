import type { InfiniteData, Query, QueryClient } from '@tanstack/react-query';
import type { List, Overview, RecentChange, Router, Service } from '../api/types';

type ServiceChange = Pick<Service, 'id' | 'rev' | 'status' | 'isOnline' | 'since' | 'confirmedAt' | 'source'>;
type RouterChange = Pick<Router, 'id' | 'rev' | 'state' | 'since' | 'reason'>;

const RECENT = 30;
/** Lists whose membership or sums depend on states are fetched again at most this often. */
const AGAIN_MS = 5000;

/** Gives the function that works live messages into what is on the screen. */
export function liveApplier(queries: QueryClient): (name: string, data: unknown) => void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const later = () => {
    if (waiting) return;
    waiting = setTimeout(() => {
      waiting = undefined;
      void queries.invalidateQueries({ predicate: dependsOnStates });
    }, AGAIN_MS);
  };
  const kinds: Record<string, (data: never) => void> = {
    service: ({ items }: { items: ServiceChange[] }) => {
      applyServices(queries, items);
      later();
    },
    router: ({ items }: { items: RouterChange[] }) => {
      applyRouters(queries, items);
      void queries.invalidateQueries({ queryKey: ['overview'] });
    },
    overview: (data: Partial<Pick<Overview, 'services' | 'recent'>>) =>
      queries.setQueryData<Overview>(['overview'], (old) => old && withOverview(old, data)),
  };
  return (name, data) => kinds[name]?.(data as never);
}

/** An older revision never replaces a newer one: answers and messages may cross on their way. */
export function withChange<T extends { id: string; rev: number }>(
  item: T,
  change: { id: string; rev: number },
): T {
  return item.id === change.id && change.rev >= item.rev ? { ...item, ...change } : item;
}

/** What just changed goes first; the same change told twice is there once. */
export function withOverview(
  old: Overview,
  { services, recent }: Partial<Pick<Overview, 'services' | 'recent'>>,
): Overview {
  const key = (change: RecentChange) => `${change.serviceId} ${change.at}`;
  const all = new Map([...(recent ?? []), ...old.recent].map((change) => [key(change), change]));
  const newestFirst = [...all.values()].sort((a, b) => b.at.localeCompare(a.at));
  return { ...old, services: services ?? old.services, recent: newestFirst.slice(0, RECENT) };
}

function applyServices(queries: QueryClient, changes: ServiceChange[]): void {
  const byId = new Map(changes.map((change) => [change.id, change]));
  const patch = (service: Service) => {
    const change = byId.get(service.id);
    return change ? withChange(service, change) : service;
  };
  queries.setQueriesData<InfiniteData<List<Service>>>({ queryKey: ['services', 'list'] }, (old) =>
    old ? { ...old, pages: old.pages.map((page) => ({ ...page, items: page.items.map(patch) })) } : old,
  );
  for (const { id } of changes) {
    const key = ['services', 'one', id];
    if (!queries.getQueryData(key)) continue;
    queries.setQueryData<Service>(key, (old) => old && patch(old));
    void queries.invalidateQueries({
      queryKey: key,
      predicate: (query) => query.queryKey.length > key.length,
    });
  }
}

function applyRouters(queries: QueryClient, changes: RouterChange[]): void {
  for (const change of changes) {
    queries.setQueryData<List<Router>>(['routers', 'list'], (old) =>
      old ? { ...old, items: old.items.map((router) => withChange(router, change)) } : old,
    );
    queries.setQueryData<Router>(['routers', 'one', change.id], (old) => old && withChange(old, change));
  }
}

/** Service lists filtered or sorted by state, and the sums on routers. */
function dependsOnStates({ queryKey }: Query): boolean {
  const [kind, scope, filters] = queryKey as [string, string?, { status?: string; sort?: string }?];
  if (kind === 'routers') return scope === 'list' || queryKey.length === 3;
  if (kind !== 'services' || scope !== 'list') return false;
  return filters?.status !== undefined || /since|status|confirmed/i.test(filters?.sort ?? '');
}
