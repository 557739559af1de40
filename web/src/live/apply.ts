import type { InfiniteData, Query, QueryClient } from '@tanstack/react-query';
import type {
  Device,
  DeviceTold,
  List,
  Overview,
  OverviewTold,
  Router,
  RouterTold,
  Service,
  ServiceTold,
} from '../api/types';

/** Sums, and lists whose membership or order depends on states, are fetched again at most this often. */
const SUMS_MS = 2000;
const LISTS_MS = 5000;
const JOBS_MS = 1000;

/** Gives the function that works live messages into what is on the screen. */
export function liveApplier(queries: QueryClient): (name: string, data: unknown) => void {
  const sums = atMostEvery(SUMS_MS, () => void queries.invalidateQueries({ queryKey: ['overview'] }));
  const lists = atMostEvery(LISTS_MS, () => void queries.invalidateQueries({ predicate: dependsOnStates }));
  const jobs = atMostEvery(JOBS_MS, () => void queries.invalidateQueries({ queryKey: ['jobs'] }));
  const kinds: Record<string, (items: never[]) => void> = {
    service: (items: ServiceTold[]) => applyServices(queries, items),
    router: (items: RouterTold[]) => applyRouters(queries, items),
    device: (items: DeviceTold[]) => applyDevices(queries, items),
    overview: (items: OverviewTold[]) => applyOverview(queries, items),
  };
  return (name, data) => {
    // Of jobs it is only told that something about them changed.
    if (name === 'job') jobs();
    const apply = kinds[name];
    if (!apply) return;
    apply((data as { items: never[] }).items);
    lists();
    // The overview counts no devices.
    if (name !== 'device') sums();
  };
}

/** An older revision never replaces a newer one: answers and messages may cross on their way. */
export function withChange<T extends { id: string; rev: number }>(
  item: T,
  change: { id: string; rev: number },
): T {
  return item.id === change.id && change.rev >= item.rev ? { ...item, ...change } : item;
}

/** Runs `work` soon after being asked, and not again within `ms`. */
export function atMostEvery(ms: number, work: () => void): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      work();
    }, ms);
  };
}

/** Of services what else their pages show: the address of a session or lease is not in the message. */
const applyServices = (queries: QueryClient, changes: ServiceTold[]): void =>
  applyListed<Service>(queries, 'services', changes);

/** Of devices their outages, and what was measured since. */
const applyDevices = (queries: QueryClient, changes: DeviceTold[]): void =>
  applyListed<Device>(queries, 'devices', changes);

/** Patches every list and page of `kind`, and lets the pages of what changed be fetched again. */
function applyListed<T extends { id: string; rev: number }>(
  queries: QueryClient,
  kind: string,
  changes: { id: string; rev: number }[],
): void {
  const byId = new Map(changes.map((change) => [change.id, change]));
  const patch = (item: T) => {
    const change = byId.get(item.id);
    return change ? withChange(item, change) : item;
  };
  queries.setQueriesData<InfiniteData<List<T>>>({ queryKey: [kind, 'list'] }, (old) =>
    old ? { ...old, pages: old.pages.map((page) => ({ ...page, items: page.items.map(patch) })) } : old,
  );
  for (const { id } of changes) {
    const key = [kind, 'one', id];
    if (!queries.getQueryData(key)) continue;
    queries.setQueryData<T>(key, (old) => old && patch(old));
    void queries.invalidateQueries({ queryKey: key });
  }
}

function applyRouters(queries: QueryClient, changes: RouterTold[]): void {
  for (const change of changes) {
    queries.setQueryData<List<Router>>(['routers', 'list'], (old) =>
      old ? { ...old, items: old.items.map((router) => withChange(router, change)) } : old,
    );
    queries.setQueryData<Router>(['routers', 'one', change.id], (old) => old && withChange(old, change));
  }
}

function applyOverview(queries: QueryClient, changes: OverviewTold[]): void {
  for (const { services } of changes) {
    queries.setQueryData<Overview>(['overview'], (old) => old && { ...old, services });
  }
}

/** Lists of services and devices filtered or sorted by state, the sums on routers, and when each router's turn is. */
function dependsOnStates({ queryKey }: Query): boolean {
  const [kind, scope, filters] = queryKey as [string, string?, { status?: string; sort?: string }?];
  if (kind === 'jobs') return scope === 'runs';
  if (kind === 'routers') return scope === 'list' || queryKey.length === 3;
  if ((kind !== 'services' && kind !== 'devices') || scope !== 'list') return false;
  return filters?.status !== undefined || /since/.test(filters?.sort ?? '');
}
