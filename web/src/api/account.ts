import { queryOptions } from '@tanstack/react-query';
import { body, client } from './client';
import type { components } from './schema';

export type SignIn = components['schemas']['SignIn'];

/** The browsers in which this person is signed in. */
export const signInsQuery = queryOptions({
  queryKey: ['sign-ins'],
  queryFn: async (): Promise<SignIn[]> => (await body(client.GET('/api/v1/account/sign-ins'))).items,
});

export const changePassword = (input: { current: string; password: string }): Promise<void> =>
  body(client.POST('/api/v1/account/password', { body: input }));

export const endSignIn = (id: string): Promise<void> =>
  body(client.DELETE('/api/v1/account/sign-ins/{id}', { params: { path: { id } } }));

export const endOtherSignIns = (): Promise<void> => body(client.DELETE('/api/v1/account/sign-ins'));

export const leaveTenant = (id: string): Promise<unknown> =>
  body(client.DELETE('/api/v1/account/memberships/{id}', { params: { path: { id } } }));
