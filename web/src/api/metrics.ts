import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { serverNow } from '../format/now';
import { body, client } from './client';

// Written by hand until the contract has these routes.

/** One series of measurements of a device; where nothing was measured it has no entry. */
export interface Series {
  class: string;
  index: string;
  unit: string;
  /** The seconds that each value stands for; null where they are as measured. */
  step: number | null;
  /** Unix seconds. */
  at: number[];
  avg: number[];
  min: number[];
  max: number[];
}

export interface Metrics {
  from: string;
  to: string;
  series: Series[];
}

/** What was read from a device by SNMP, latest values. */
export interface Reading {
  class: string;
  index: string;
  descr: string | null;
  value: number | null;
  unit: string;
  /** The name of a state. */
  state: string | null;
  /** The MAC address of the station that it is about. */
  station: string | null;
  at: string;
}

export interface Port {
  index: string;
  name: string | null;
  alias: string | null;
  description: string | null;
  mac: string | null;
  /** bit/s. */
  speed: number | null;
  enabled: boolean | null;
  link: boolean | null;
  bitsIn: number | null;
  bitsOut: number | null;
  errorsIn: number | null;
  errorsOut: number | null;
}

/** A range of time: up to now, or between two moments. */
export type Span = { seconds: number } | { from: string; to: string };

/** The series that latency is drawn from. */
export const LATENCY = ['ping:median', 'ping:min', 'ping:max', 'ping:loss'];

const POINTS = 600;
const MEASURED_EVERY_MS = 60_000;

type Answer<T> = Promise<{ data?: T; error?: unknown; response: Response }>;
const get = client.GET as unknown as <T>(path: string, init: object) => Answer<T>;
const at = (id: string) => ({ path: { id } });

export const metricsKey = (id: string, span: Span) => ['devices', 'one', id, 'metrics', span] as const;

/** Series of a device by `class:index`, fetched again each minute while the range ends now. */
export const metricsQuery = (id: string, span: Span, series: string[]) =>
  queryOptions({
    queryKey: [...metricsKey(id, span), series],
    queryFn: (): Promise<Metrics> => {
      const query = { ...ends(span), series: series.join(','), points: POINTS };
      return body(get<Metrics>('/api/v1/devices/{id}/metrics', { params: { ...at(id), query } }));
    },
    enabled: series.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: 'seconds' in span ? MEASURED_EVERY_MS : false,
  });

export const readingsQuery = (id: string) =>
  queryOptions({
    queryKey: ['devices', 'one', id, 'readings'],
    queryFn: (): Promise<Reading[]> =>
      body(get<Reading[]>('/api/v1/devices/{id}/readings', { params: at(id) })),
    refetchInterval: MEASURED_EVERY_MS,
  });

export const portsQuery = (id: string) =>
  queryOptions({
    queryKey: ['devices', 'one', id, 'ports'],
    queryFn: (): Promise<Port[]> => body(get<Port[]>('/api/v1/devices/{id}/ports', { params: at(id) })),
    refetchInterval: MEASURED_EVERY_MS,
  });

function ends(span: Span): { from: string; to: string } {
  if (!('seconds' in span)) return span;
  const to = serverNow();
  return { from: new Date(to - span.seconds * 1000).toISOString(), to: new Date(to).toISOString() };
}
