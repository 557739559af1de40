import { queryOptions } from '@tanstack/react-query';
import { body, client, ifMatch } from './client';
import type { List, Plan, PlanChange, PlanInput } from './types';

/** All plans: an Internet provider has dozens, not thousands. */
export const plansQuery = queryOptions({
  queryKey: ['plans'],
  queryFn: (): Promise<List<Plan>> =>
    body(client.GET('/api/v1/plans', { params: { query: { limit: 1000, sort: 'name' } } })),
});

/** Those that are not sold any more. */
export const archivedPlansQuery = queryOptions({
  queryKey: ['plans', 'archived'],
  queryFn: (): Promise<List<Plan>> =>
    body(client.GET('/api/v1/plans', { params: { query: { limit: 1000, sort: 'name', archived: true } } })),
});

/** The first few matches, for the palette. */
export const findPlans = (q: string, limit: number, archived = false) =>
  queryOptions({
    queryKey: ['plans', 'find', q, limit, archived],
    queryFn: (): Promise<List<Plan>> =>
      body(client.GET('/api/v1/plans', { params: { query: { q, limit, archived } } })),
  });

export const createPlan = (input: PlanInput): Promise<Plan> =>
  body(client.POST('/api/v1/plans', { body: input }));

export const changePlan = ({ id, etag }: Plan, input: PlanChange): Promise<Plan> =>
  body(client.PATCH('/api/v1/plans/{id}', { params: { path: { id } }, headers: ifMatch(etag), body: input }));

export const archivePlan = ({ id }: Plan): Promise<void> =>
  body(client.DELETE('/api/v1/plans/{id}', { params: { path: { id } } }));

export const restorePlan = ({ id }: Plan): Promise<Plan> =>
  body(client.POST('/api/v1/plans/{id}/restore', { params: { path: { id } } }));
