import { queryOptions } from '@tanstack/react-query';
import { body, client } from './client';
import { listQuery } from './lists';
import type { ApiKey, AuditEntry, BulkRow, List, Member, Role, Settings } from './types';

export const membersQuery = queryOptions({
  queryKey: ['members'],
  queryFn: (): Promise<List<Member>> =>
    body(client.GET('/api/v1/members', { params: { query: { limit: 1000 } } })),
});

export const inviteMember = (input: {
  email: string;
  name: string;
  role: Role;
}): Promise<Member & { inviteUrl: string; known: boolean }> =>
  body(client.POST('/api/v1/members', { body: input }));

export const changeMember = (id: string, input: { role: Role }): Promise<Member> =>
  body(client.PATCH('/api/v1/members/{id}', { params: { path: { id } }, body: input }));

export const removeMember = (id: string): Promise<void> =>
  body(client.DELETE('/api/v1/members/{id}', { params: { path: { id } } }));

/** A link with which a member sets a new password. */
export const resetMember = (id: string): Promise<{ resetUrl: string }> =>
  body(client.POST('/api/v1/members/{id}/reset', { params: { path: { id } } }));

export const apiKeysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: (): Promise<List<ApiKey>> =>
    body(client.GET('/api/v1/api-keys', { params: { query: { limit: 1000 } } })),
});

export const createApiKey = (input: {
  name: string;
  role: Role;
  expiresAt: string | null;
}): Promise<ApiKey & { key: string }> => body(client.POST('/api/v1/api-keys', { body: input }));

export const revokeApiKey = (id: string): Promise<void> =>
  body(client.DELETE('/api/v1/api-keys/{id}', { params: { path: { id } } }));

export const auditQuery = (filters: { q?: string }) =>
  listQuery(
    'audit',
    filters,
    (query): Promise<List<AuditEntry>> => body(client.GET('/api/v1/audit', { params: { query } })),
  );

/** What one line of the log about many things did to each. */
export const bulkRowsQuery = (act: string) =>
  listQuery(
    'audit-rows',
    { act },
    ({ act: id, ...query }): Promise<List<BulkRow>> =>
      body(client.GET('/api/v1/audit/bulk/{id}', { params: { path: { id }, query } })),
  );

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: (): Promise<Settings> => body(client.GET('/api/v1/settings')),
});

export const changeSettings = (input: Partial<Settings>): Promise<Settings> =>
  body(client.PATCH('/api/v1/settings', { body: input }));
