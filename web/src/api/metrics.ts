import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { body, client } from './client';
import { ends, type Span } from './span';
import type { Metrics, Port, Reading } from './types';

export type { Span } from './span';

/** The series that latency is drawn from. */
export const LATENCY = ['ping:median', 'ping:min', 'ping:max', 'ping:loss'];

const POINTS = 600;
const MEASURED_EVERY_MS = 60_000;

const at = (id: string) => ({ path: { id } });

export const metricsKey = (id: string, span: Span) => ['devices', 'one', id, 'metrics', span] as const;

/** Series of a device by `class:index`, fetched again each minute while the range ends now. */
export const metricsQuery = (id: string, span: Span, series: string[]) =>
  queryOptions({
    queryKey: [...metricsKey(id, span), series],
    queryFn: (): Promise<Metrics> => {
      const query = { ...ends(span), series, points: POINTS };
      return body(client.GET('/api/v1/devices/{id}/metrics', { params: { ...at(id), query } }));
    },
    enabled: series.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: 'seconds' in span ? MEASURED_EVERY_MS : false,
  });

export const readingsQuery = (id: string) =>
  queryOptions({
    queryKey: ['devices', 'one', id, 'readings'],
    queryFn: (): Promise<Reading[]> => body(client.GET('/api/v1/devices/{id}/readings', { params: at(id) })),
    refetchInterval: MEASURED_EVERY_MS,
  });

export const portsQuery = (id: string) =>
  queryOptions({
    queryKey: ['devices', 'one', id, 'ports'],
    queryFn: (): Promise<Port[]> => body(client.GET('/api/v1/devices/{id}/ports', { params: at(id) })),
    refetchInterval: MEASURED_EVERY_MS,
  });
