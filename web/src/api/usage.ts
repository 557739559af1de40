import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { body, client } from './client';
import { ends, type Span } from './span';
import type { Usage } from './types';

/** Counters are read every five minutes. */
const ASKED_EVERY_MS = 120_000;

/** What a service carried; `points` says how closely its rates are wanted. */
export const usageQuery = (id: string, span: Span, points: number) =>
  queryOptions({
    queryKey: ['services', 'one', id, 'usage', span, points],
    queryFn: (): Promise<Usage> => {
      const query = { ...ends(span), points };
      return body(client.GET('/api/v1/services/{id}/usage', { params: { path: { id }, query } }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: 'seconds' in span ? ASKED_EVERY_MS : false,
  });
