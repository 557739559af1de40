import { queryOptions } from '@tanstack/react-query';
import { body, client } from './client';
import type { Job, JobStanding, JobState, List, Run } from './types';

/** More than a page shows at once; `total` counts all. */
const SHOWN = 200;

export const jobsQuery = (state: JobState) =>
  queryOptions({
    queryKey: ['jobs', 'list', state],
    queryFn: (): Promise<List<Job>> =>
      body(client.GET('/api/v1/jobs', { params: { query: { state, limit: SHOWN } } })),
  });

/** Each kind of job at each router: how it went, and when it is due again. */
export const runsQuery = queryOptions({
  queryKey: ['jobs', 'runs'],
  queryFn: (): Promise<List<Run>> => body(client.GET('/api/v1/jobs/runs')),
});

/** Each kind of job that is done for the tenant and at no router. */
export const tenantRunsQuery = queryOptions({
  queryKey: ['jobs', 'tenant-runs'],
  queryFn: (): Promise<List<JobStanding>> => body(client.GET('/api/v1/jobs/tenant-runs')),
});

/** Does a kind of job at a router now. */
export const runJob = (router: string, kind: string): Promise<{ requestId: string }> =>
  body(client.POST('/api/v1/routers/{id}/run', { params: { path: { id: router } }, body: { kind } }));

export const retryJob = (id: string): Promise<{ requestId: string }> =>
  body(client.POST('/api/v1/jobs/{id}/retry', { params: { path: { id } } }));
