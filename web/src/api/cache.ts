import { QueryCache, QueryClient } from '@tanstack/react-query';
import { Problem } from './problem';
import { sessionQuery } from './session';

const RETRIES = 2;

/** A server that is away or busy may be back in a moment; a refusal stays one. */
function retry(failures: number, error: Error): boolean {
  const passing = !(error instanceof Problem) || error.status === 0 || error.status >= 502;
  return passing && failures < RETRIES;
}

/**
 * What was fetched. The live stream keeps it true, so nothing is polled and a return to the window fetches nothing;
 * an answer that nobody is signed in makes the session be asked for again, which leads to the sign-in.
 */
export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry, staleTime: 15_000, refetchOnWindowFocus: false } },
  queryCache: new QueryCache({
    onError: (error, query) => {
      const signedOut = error instanceof Problem && error.status === 401 && query.queryKey[0] !== 'setup';
      if (signedOut) void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
    },
  }),
});
