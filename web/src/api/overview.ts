import { queryOptions } from '@tanstack/react-query';
import { body, client } from './client';
import type { Overview, Trend } from './types';

export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: (): Promise<Overview> => body(client.GET('/api/v1/overview')),
});

const COUNTED_EVERY_MS = 5 * 60_000;

/** Services by status over time. It grows by a point every few minutes. */
export const trendQuery = (range: Trend['range']) =>
  queryOptions({
    queryKey: ['trend', range],
    queryFn: (): Promise<Trend> =>
      body(client.GET('/api/v1/overview/trend', { params: { query: { range } } })),
    staleTime: 60_000,
    refetchInterval: COUNTED_EVERY_MS,
  });
