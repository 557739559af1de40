import { queryOptions } from '@tanstack/react-query';
import { body, client, ifMatch } from './client';
import { listQuery, type Paged } from './lists';
import type { Customer, CustomerChange, CustomerInput, Filters, List } from './types';

export type CustomerFilters = Filters<'/api/v1/customers'>;

const list = (query: CustomerFilters & Paged): Promise<List<Customer>> =>
  body(client.GET('/api/v1/customers', { params: { query } }));

export const customersQuery = (filters: CustomerFilters) => listQuery('customers', filters, list);

/** The first few matches, for palettes and pickers; with an empty search the first customers of all. */
export const findCustomers = (q: string, limit: number, archived = false) =>
  queryOptions({
    queryKey: ['customers', 'find', q, limit, archived],
    queryFn: () => list({ ...(q ? { q } : {}), limit, archived }),
  });

export const customerQuery = (id: string) =>
  queryOptions({
    queryKey: ['customers', 'one', id],
    queryFn: (): Promise<Customer> =>
      body(client.GET('/api/v1/customers/{id}', { params: { path: { id } } })),
  });

export const createCustomer = (input: CustomerInput): Promise<Customer> =>
  body(client.POST('/api/v1/customers', { body: input }));

export const changeCustomer = ({ id, etag }: Customer, input: CustomerChange): Promise<Customer> =>
  body(
    client.PATCH('/api/v1/customers/{id}', { params: { path: { id } }, headers: ifMatch(etag), body: input }),
  );

/** Erases the ended sessions and the events of a customer's services, for good; how many there were. */
export const eraseHistory = ({ id }: Customer): Promise<{ erased: number }> =>
  body(client.POST('/api/v1/customers/{id}/erase-history', { params: { path: { id } } }));

export const archiveCustomer = ({ id }: Customer): Promise<void> =>
  body(client.DELETE('/api/v1/customers/{id}', { params: { path: { id } } }));

export const restoreCustomer = ({ id }: Customer): Promise<Customer> =>
  body(client.POST('/api/v1/customers/{id}/restore', { params: { path: { id } } }));
