import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { body, client, ifMatch } from './client';
import type {
  Absence,
  ImportResult,
  List,
  Profile,
  Proposals,
  Router,
  RouterChange,
  RouterInput,
  TestResult,
  UnknownUser,
  WayBack,
} from './types';

export type ScriptPart = 'user' | 'firewall' | 'hooks';

const at = (id: string) => ({ path: { id } });

/** All routers: hundreds at most. */
export const routersQuery = queryOptions({
  queryKey: ['routers', 'list'],
  queryFn: (): Promise<List<Router>> =>
    body(client.GET('/api/v1/routers', { params: { query: { limit: 1000, sort: 'name' } } })),
});

/** Those that were removed. */
export const archivedRoutersQuery = queryOptions({
  queryKey: ['routers', 'archived'],
  queryFn: (): Promise<List<Router>> =>
    body(client.GET('/api/v1/routers', { params: { query: { limit: 1000, sort: 'name', archived: true } } })),
});

/** The first few matches, for the palette. */
export const findRouters = (q: string, limit: number, archived = false) =>
  queryOptions({
    queryKey: ['routers', 'find', q, limit, archived],
    queryFn: (): Promise<List<Router>> =>
      body(client.GET('/api/v1/routers', { params: { query: { q, limit, archived } } })),
  });

export const routerQuery = (id: string) =>
  queryOptions({
    queryKey: ['routers', 'one', id],
    queryFn: (): Promise<Router> => body(client.GET('/api/v1/routers/{id}', { params: at(id) })),
  });

/** When a router was away, the latest first. */
export const absencesQuery = (id: string) =>
  queryOptions({
    queryKey: ['routers', 'one', id, 'absences'],
    queryFn: (): Promise<Absence[]> => body(client.GET('/api/v1/routers/{id}/absences', { params: at(id) })),
  });

export const createRouter = (input: RouterInput): Promise<Router & { webhookToken: string }> =>
  body(client.POST('/api/v1/routers', { body: input }));

export const changeRouter = ({ id, etag }: Router, input: RouterChange): Promise<Router> =>
  body(client.PATCH('/api/v1/routers/{id}', { params: at(id), headers: ifMatch(etag), body: input }));

export const removeRouter = ({ id }: Router): Promise<void> =>
  body(client.DELETE('/api/v1/routers/{id}', { params: at(id) }));

export const restoreRouter = ({ id }: Router): Promise<Router> =>
  body(client.POST('/api/v1/routers/{id}/restore', { params: at(id) }));

export const testRouter = (id: string): Promise<TestResult> =>
  body(client.POST('/api/v1/routers/{id}/test', { params: at(id) }));

export const sweepRouter = (id: string): Promise<{ requestId: string }> =>
  body(client.POST('/api/v1/routers/{id}/sweep', { params: at(id) }));

/** Asks all that are connected and not paused. */
export const checkRouters = (): Promise<{ requestId: string; routers: number }> =>
  body(client.POST('/api/v1/routers/check'));

/** Whether the clock leaves the router alone. */
export const pauseRouter = (id: string, paused: boolean): Promise<Router> =>
  body(client.PATCH('/api/v1/routers/{id}', { params: at(id), body: { paused } }));

export const rotateToken = (id: string): Promise<{ webhookToken: string }> =>
  body(client.POST('/api/v1/routers/{id}/rotate-token', { params: at(id) }));

/** How secrets are imported. */
export interface ImportChoice {
  /** Customers are made from the comments. */
  customers: boolean;
  /** The plans that PPP profiles stand for, where they are not what is remembered; null is none. */
  plans: Record<string, string | null>;
  /** Only these users; all of them unless given. */
  usernames?: string[];
}

/** What an import would do; asks the router, so it is not asked again by itself. */
export const importPreviewQuery = (id: string, choice: ImportChoice) =>
  queryOptions({
    queryKey: ['routers', 'one', id, 'import', choice],
    queryFn: () => runImport(id, choice, true),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    retry: false,
  });

export const runImport = (
  id: string,
  { customers, ...choice }: ImportChoice,
  dryRun: boolean,
): Promise<ImportResult> =>
  body(
    client.POST('/api/v1/routers/{id}/import', {
      params: { ...at(id), query: { dryRun, ...(customers ? { customers: 'create' } : {}) } },
      body: choice,
    }),
  );

/** Addresses that the router shows and nobody registered; asks the router, so not again by itself. */
export const proposalsQuery = (id: string) =>
  queryOptions({
    queryKey: ['routers', 'one', id, 'proposals'],
    queryFn: (): Promise<Proposals> => body(client.GET('/api/v1/routers/{id}/proposals', { params: at(id) })),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

export const profilesQuery = (id: string) =>
  queryOptions({
    queryKey: ['routers', 'one', id, 'profiles'],
    queryFn: (): Promise<{ items: Profile[] }> =>
      body(client.GET('/api/v1/routers/{id}/profiles', { params: at(id) })),
    retry: false,
  });

export const scriptQuery = (id: string, part: ScriptPart, profiles: string[], undo: boolean) =>
  queryOptions({
    queryKey: ['routers', 'one', id, 'script', part, profiles, undo],
    queryFn: (): Promise<string> => {
      const query = { part, undo, profiles };
      return body(
        client.GET('/api/v1/routers/{id}/script', { params: { ...at(id), query }, parseAs: 'text' }),
      );
    },
  });

/** How the router reaches this server; what is null must be set before its script can be used. */
export const wayBackQuery = (id: string) =>
  queryOptions({
    queryKey: ['routers', 'one', id, 'way-back'],
    queryFn: (): Promise<WayBack> => body(client.GET('/api/v1/routers/{id}/way-back', { params: at(id) })),
  });

export const unknownUsersQuery = (id: string) =>
  queryOptions({
    queryKey: ['routers', 'one', id, 'unknown-users'],
    queryFn: (): Promise<List<UnknownUser>> =>
      body(client.GET('/api/v1/routers/{id}/unknown-users', { params: at(id) })),
  });

export const forgetUnknownUser = (id: string, username: string): Promise<void> =>
  body(client.POST('/api/v1/routers/{id}/unknown-users/forget', { params: at(id), body: { username } }));
