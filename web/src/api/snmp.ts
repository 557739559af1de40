import { queryOptions } from '@tanstack/react-query';
import { body, client, ifMatch } from './client';
import type { SnmpLogin, SnmpLoginChange, SnmpLoginInput } from './types';

const at = (id: string) => ({ path: { id } });

/** All logins that devices are tried with. */
export const snmpLoginsQuery = queryOptions({
  queryKey: ['snmp-logins'],
  queryFn: async (): Promise<{ items: SnmpLogin[] }> => ({
    items: await body<SnmpLogin[]>(client.GET('/api/v1/snmp-logins')),
  }),
});

export const createSnmpLogin = (input: SnmpLoginInput): Promise<SnmpLogin> =>
  body(client.POST('/api/v1/snmp-logins', { body: input }));

export const changeSnmpLogin = ({ id, etag }: SnmpLogin, input: SnmpLoginChange): Promise<SnmpLogin> =>
  body(client.PATCH('/api/v1/snmp-logins/{id}', { params: at(id), headers: ifMatch(etag), body: input }));

export const deleteSnmpLogin = (id: string): Promise<void> =>
  body(client.DELETE('/api/v1/snmp-logins/{id}', { params: at(id) }));
