import { queryOptions } from '@tanstack/react-query';
import { body, client, ifMatch } from './client';
import type { List, Plan } from './types';

export type PlanInput = Pick<Plan, 'name' | 'price' | 'period' | 'downKbps' | 'upKbps'>;

/** All plans: an Internet provider has dozens, not thousands. */
export const plansQuery = queryOptions({
  queryKey: ['plans'],
  queryFn: (): Promise<List<Plan>> =>
    body(client.GET('/plans', { params: { query: { limit: 1000, sort: 'name' } } })),
});

export const createPlan = (input: PlanInput): Promise<Plan> => body(client.POST('/plans', { body: input }));

export const changePlan = ({ id, etag }: Plan, input: Partial<PlanInput>): Promise<Plan> =>
  body(client.PATCH('/plans/{id}', { params: { path: { id } }, headers: ifMatch(etag), body: input }));

export const archivePlan = ({ id }: Plan): Promise<void> =>
  body(client.DELETE('/plans/{id}', { params: { path: { id } } }));
