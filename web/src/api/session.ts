import { queryOptions } from '@tanstack/react-query';
import { body, client } from './client';
import { Problem } from './problem';
import type { Session, SetupInfo } from './types';

/** Who is signed in; `null` for nobody. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<Session | null> => {
    try {
      return await body(client.GET('/api/v1/session'));
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

export const signIn = (
  credentials: { email: string; password: string } | { token: string },
): Promise<Session> => body(client.POST('/api/v1/session', { body: credentials }));

export const signOut = (): Promise<void> => body(client.DELETE('/api/v1/session'));

export const enterTenant = (tenantId: string): Promise<Session> =>
  body(client.POST('/api/v1/session/tenant', { body: { tenantId } }));

export const setupQuery = (token: string) =>
  queryOptions({
    queryKey: ['setup', token],
    queryFn: (): Promise<SetupInfo> =>
      body(client.GET('/api/v1/setup', { params: { header: { 'X-IMSys-Link': token } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Accepts an invitation or a tenant's set-up link as who is signed in. */
export const acceptSetup = (token: string): Promise<Session> =>
  body(client.POST('/api/v1/setup/accept', { body: { token } }));

export const finishSetup = (input: {
  token: string;
  name: string;
  email: string;
  password: string;
  tenantName?: string;
}): Promise<Session> => body(client.POST('/api/v1/setup', { body: input }));
