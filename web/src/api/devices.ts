import { queryOptions } from '@tanstack/react-query';
import { body, client, ifMatch } from './client';
import { listQuery, type Paged } from './lists';
import type { Device, DeviceChange, DeviceInput, Filters, List, Outage } from './types';

export type DeviceFilters = Filters<'/api/v1/devices'>;

/** Figures alone are not told by the live stream: they are asked for again this often while they are looked at. */
export const FIGURES_MS = 60_000;

const at = (id: string) => ({ path: { id } });

const list = (query: DeviceFilters & Paged): Promise<List<Device>> =>
  body(client.GET('/api/v1/devices', { params: { query } }));

export const devicesQuery = (filters: DeviceFilters) => ({
  ...listQuery('devices', filters, list),
  refetchInterval: FIGURES_MS,
});

/** The first few matches, for the palette. */
export const findDevices = (q: string, limit: number, archived = false) =>
  queryOptions({
    queryKey: ['devices', 'find', q, limit, archived],
    queryFn: () => list({ q, limit, archived }),
  });

/** How many devices there are of a kind. */
export const deviceTotalQuery = (filters: DeviceFilters) =>
  queryOptions({
    queryKey: ['devices', 'total', filters],
    queryFn: async () => (await list({ ...filters, limit: 1 })).total,
  });

export const deviceQuery = (id: string) =>
  queryOptions({
    queryKey: ['devices', 'one', id],
    queryFn: (): Promise<Device> => body(client.GET('/api/v1/devices/{id}', { params: at(id) })),
    refetchInterval: FIGURES_MS,
  });

/** When a device was down, the latest first: the last `OUTAGES_MOST`. */
export const outagesQuery = (id: string) =>
  queryOptions({
    queryKey: ['devices', 'one', id, 'outages'],
    queryFn: (): Promise<Outage[]> => body(client.GET('/api/v1/devices/{id}/outages', { params: at(id) })),
  });

/** Outages in one answer. */
export const OUTAGES_MOST = 100;

export const createDevice = (input: DeviceInput): Promise<Device> =>
  body(client.POST('/api/v1/devices', { body: input }));

export const changeDevice = ({ id, etag }: Device, input: DeviceChange): Promise<Device> =>
  body(client.PATCH('/api/v1/devices/{id}', { params: at(id), headers: ifMatch(etag), body: input }));

export const archiveDevice = (id: string): Promise<void> =>
  body(client.DELETE('/api/v1/devices/{id}', { params: at(id) }));

export const restoreDevice = (id: string): Promise<Device> =>
  body(client.POST('/api/v1/devices/{id}/restore', { params: at(id) }));
