import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { List } from './types';

/** Which page of a list. */
export interface Paged {
  limit: number;
  cursor?: string;
}

const PAGE_SIZE = 100;

/** A list that is fetched page by page as somebody scrolls; the page size is the server's default. */
export function listQuery<T, Q extends object>(
  key: string,
  query: Q,
  fetchPage: (query: Q & Paged) => Promise<List<T>>,
) {
  return infiniteQueryOptions({
    queryKey: [key, 'list', query],
    queryFn: ({ pageParam }) =>
      fetchPage({ ...query, limit: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: '',
    getNextPageParam: (page: List<T>) => page.next,
    placeholderData: keepPreviousData,
  });
}

/** The rows so far, and what a table needs to ask for more. */
export function useList<T, Q extends object>(options: ReturnType<typeof listQuery<T, Q>>) {
  const query = useInfiniteQuery(options);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return { rows, total: query.data?.pages.at(-1)?.total, onEnd, error: query.error, refetch: query.refetch };
}
