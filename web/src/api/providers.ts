import { queryOptions } from '@tanstack/react-query';
import { body, client } from './client';
import type { List, Provider } from './types';

/** The ISPs on this installation, for who manages them. */
export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: (): Promise<List<Provider>> =>
    body(client.GET('/api/v1/tenants', { params: { query: { limit: 1000 } } })),
});

/** A new one, with the link for its first administrator, shown once. */
export const createProvider = (input: { name: string }): Promise<Provider & { setupUrl: string }> =>
  body(client.POST('/api/v1/tenants', { body: input }));

/** Deletes one and everything of it, for good; `name` must be what it is called. */
export const deleteProvider = ({ id }: Provider, name: string): Promise<void> =>
  body(client.DELETE('/api/v1/tenants/{id}', { params: { path: { id }, query: { name } } }));
