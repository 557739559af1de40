import { body, client } from './client';
import { listQuery } from './lists';
import type { Filters, List, ServiceSession } from './types';

export type SessionFilters = Filters<'/api/v1/sessions'>;

/** Who used an address, a MAC or a name, and when; years back. */
export const sessionsQuery = (filters: SessionFilters) =>
  listQuery(
    'sessions',
    filters,
    (query): Promise<List<ServiceSession>> => body(client.GET('/api/v1/sessions', { params: { query } })),
  );
