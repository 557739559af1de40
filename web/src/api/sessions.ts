import { body, client } from './client';
import { listQuery } from './lists';
import type { List, ServiceSession } from './types';

export interface SessionFilters {
  q?: string;
  routerId?: string;
  from?: string;
  to?: string;
}

/** Who used an address, a MAC or a name, and when; years back. */
export const sessionsQuery = (filters: SessionFilters) =>
  listQuery(
    'sessions',
    filters,
    (query): Promise<List<ServiceSession>> => body(client.GET('/sessions', { params: { query } })),
  );
