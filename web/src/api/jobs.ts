import { queryOptions } from '@tanstack/react-query';
import { body, client } from './client';
import type { Job, JobState, List, Run } from './types';

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

export const retryJob = (id: string): Promise<{ requestId: string }> =>
  body(client.POST('/api/v1/jobs/{id}/retry', { params: { path: { id } } }));
