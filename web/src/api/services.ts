import { queryOptions } from '@tanstack/react-query';
import { body, client, ifMatch } from './client';
import { listQuery, type Paged } from './lists';
import { ends, type Span } from './span';
import type {
  BulkDone,
  Diagnosis,
  Filters,
  List,
  Service,
  ServiceChange,
  ServiceInput,
  ServiceSession,
  SheetResult,
  Timeline,
} from './types';

export type ServiceFilters = Filters<'/api/v1/services'>;

const list = (query: ServiceFilters & Paged): Promise<List<Service>> =>
  body(client.GET('/api/v1/services', { params: { query } }));

export const servicesQuery = (filters: ServiceFilters) => listQuery('services', filters, list);

/** The first few matches, for palettes and pickers. */
export const findServices = (q: string, limit: number, archived = false) =>
  queryOptions({
    queryKey: ['services', 'find', q, limit, archived],
    queryFn: () => list({ q, limit, archived }),
    enabled: q.trim() !== '',
  });

export const serviceQuery = (id: string) =>
  queryOptions({
    queryKey: ['services', 'one', id],
    queryFn: (): Promise<Service> => body(client.GET('/api/v1/services/{id}', { params: { path: { id } } })),
  });

export const serviceSessionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['services', 'one', id, 'sessions'],
    queryFn: (): Promise<List<ServiceSession>> =>
      body(
        client.GET('/api/v1/services/{id}/sessions', {
          params: { path: { id }, query: { limit: 50 } },
        }),
      ),
  });

/** Its status over time. */
export const timelineQuery = (id: string, span: Span) =>
  queryOptions({
    queryKey: ['services', 'one', id, 'timeline', span],
    queryFn: (): Promise<Timeline> =>
      body(client.GET('/api/v1/services/{id}/timeline', { params: { path: { id }, query: ends(span) } })),
  });

export const diagnosisQuery = (id: string) =>
  queryOptions({
    queryKey: ['services', 'one', id, 'diagnosis'],
    queryFn: (): Promise<Diagnosis> =>
      body(
        client.GET('/api/v1/services/{id}/diagnosis', {
          params: { path: { id } },
        }),
      ),
  });

/** Asks the router about this customer now; what it says. */
export const checkService = (id: string): Promise<Diagnosis> =>
  body(
    client.POST('/api/v1/services/{id}/live-check', {
      params: { path: { id } },
    }),
  );

/** How a sheet is brought in. */
export interface SheetChoice {
  /** Customers who are not here are made. */
  customers: boolean;
  /** What becomes of rows whose service is here. */
  existing: 'refuse' | 'skip' | 'update';
  /** The good rows are brought in alone; else nothing is while there is a bad one. */
  goodRows: boolean;
}

/** Brings in a CSV of services; `dryRun` only says what would happen. */
export const importSheet = (
  sheet: string | Blob,
  { customers, existing, goodRows }: SheetChoice,
  dryRun: boolean,
): Promise<SheetResult> =>
  body(
    client.POST('/api/v1/services/import', {
      params: {
        query: {
          dryRun,
          customers: customers ? 'create' : 'none',
          existing,
          goodRows,
        },
      },
      // A file goes as it is: the server knows its encoding.
      body: sheet as string,
      bodySerializer: (content: string | Blob) => content,
      headers: { 'Content-Type': 'text/csv' },
    }),
  );

/** What is done to many services. */
export type BulkAct =
  | { action: 'plan'; planId: string | null }
  | { action: 'move'; routerId: string }
  | { action: 'archive' | 'restore' };

/** Most services in one act. */
export const BULK_MOST = 1000;

/** The ids of the services that match; of the first thousand. */
export const serviceIds = async (filters: ServiceFilters): Promise<string[]> =>
  (await list({ ...filters, limit: BULK_MOST })).items.map(({ id }) => id);

export const bulkServices = (ids: string[], act: BulkAct): Promise<BulkDone> =>
  body(client.POST('/api/v1/services/bulk', { body: { ids, ...act } }));

/** Sets back what such an act did, where nobody changed it since. */
export const undoBulk = (id: string): Promise<BulkDone> =>
  body(client.POST('/api/v1/services/bulk/{id}/undo', { params: { path: { id } } }));

/** How many services there are of a kind, and in a state. */
export const serviceTotalQuery = (filters: ServiceFilters) =>
  queryOptions({
    queryKey: ['services', 'total', filters],
    queryFn: async (): Promise<number> => (await list({ ...filters, limit: 1 })).total,
  });

export const createService = (input: ServiceInput): Promise<Service> =>
  body(client.POST('/api/v1/services', { body: input }));

export const changeService = ({ id, etag }: Service, input: ServiceChange): Promise<Service> =>
  body(
    client.PATCH('/api/v1/services/{id}', {
      params: { path: { id } },
      headers: ifMatch(etag),
      body: input,
    }),
  );

export const archiveService = ({ id }: Service): Promise<void> =>
  body(client.DELETE('/api/v1/services/{id}', { params: { path: { id } } }));

export const restoreService = ({ id }: Service): Promise<Service> =>
  body(client.POST('/api/v1/services/{id}/restore', { params: { path: { id } } }));
