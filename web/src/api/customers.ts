import { queryOptions } from '@tanstack/react-query';
import { body, client, ifMatch } from './client';
import { listQuery } from './lists';
import type { Customer, List } from './types';

export interface CustomerFilters {
  q?: string;
  sort?: string;
}

export type CustomerInput = Partial<Pick<Customer, 'email' | 'phone' | 'address' | 'notes' | 'reference'>> & {
  name: string;
};

const list = (query: object): Promise<List<Customer>> =>
  body(client.GET('/customers', { params: { query } }));

export const customersQuery = (filters: CustomerFilters) => listQuery('customers', filters, list);

/** The first few matches, for palettes and pickers; with an empty search the first customers of all. */
export const findCustomers = (q: string, limit: number) =>
  queryOptions({
    queryKey: ['customers', 'find', q, limit],
    queryFn: () => list({ q: q || undefined, limit }),
  });

export const customerQuery = (id: string) =>
  queryOptions({
    queryKey: ['customers', 'one', id],
    queryFn: (): Promise<Customer> => body(client.GET('/customers/{id}', { params: { path: { id } } })),
  });

export const createCustomer = (input: CustomerInput): Promise<Customer> =>
  body(client.POST('/customers', { body: input }));

export const changeCustomer = ({ id, etag }: Customer, input: Partial<CustomerInput>): Promise<Customer> =>
  body(client.PATCH('/customers/{id}', { params: { path: { id } }, headers: ifMatch(etag), body: input }));

export const archiveCustomer = ({ id }: Customer): Promise<void> =>
  body(client.DELETE('/customers/{id}', { params: { path: { id } } }));
