import { queryOptions } from '@tanstack/react-query';
import { body, client } from './client';
import type { Overview } from './types';

export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: (): Promise<Overview> => body(client.GET('/api/v1/overview')),
});
