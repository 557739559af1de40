import createClient, { type Middleware } from 'openapi-fetch';
import { setClock } from '../format/now';
import { problemOf, unreachable } from './problem';
import type { paths } from './schema';

const clock: Middleware = {
  onResponse: ({ response }) => setClock(response.headers.get('date')),
};

/** The API of the server that sent this page; the session cookie goes along by itself. */
export const client = createClient<paths>();
client.use(clock);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a good answer; throws a `Problem` otherwise. */
export async function body<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer.catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw problemOf(response.status, error);
  return data as T;
}

/** `If-Match` for a change of what was read with this `etag`: refused when somebody else changed it meanwhile. */
export const ifMatch = (etag: string) => ({ 'If-Match': etag });

/** Where a browser fetches a file itself, such as an export. */
export function fileUrl(path: string, query: object): string {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(entries.map(([key, value]) => [key, String(value)])).toString();
  return `/api/v1${path}${text && `?${text}`}`;
}
