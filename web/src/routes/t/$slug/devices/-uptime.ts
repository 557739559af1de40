import type { Device, DeviceStatus, Outage, Series } from '../../../../api/types';
import { gapAfter } from '../../../../ui/graph/table';
import type { Segment } from '../../../../ui/TimelineBar';
import { DEVICE, DEVICE_REASON } from '../../../../words/states';

export interface Uptime {
  /** Seconds in which it was known to be up or down, and of those it was down. */
  watched: number;
  down: number;
  outages: Outage[];
  segments: Segment[];
}

type Watched = Pick<Device, 'createdAt' | 'status' | 'since' | 'reason' | 'archivedAt'>;

/** A time in unix seconds. */
type Part = [from: number, to: number];

/** Measured once in a minute at least, and not always in time. */
const LATE_SECONDS = 150;

/**
 * When a device answered, by what was lost of the requests: around every answer as long as the next or the one before
 * may take to come.
 */
export function answering({ at, avg, step }: Pick<Series, 'at' | 'avg' | 'step'>): Part[] {
  const limit = Math.max(gapAfter({ at, step: step ?? null }), LATE_SECONDS) / 2;
  const parts: Part[] = [];
  at.forEach((time, index) => {
    if ((avg[index] ?? 100) >= 100) return;
    const last = parts.at(-1);
    if (last && time - limit <= last[1]) last[1] = time + limit;
    else parts.push([time - limit, time + limit]);
  });
  return parts;
}

/**
 * What is known of a device between two moments, in unix seconds: down in its outages, what it is now since it became so, up
 * while it answered (`parts`), unknown else. Of more outages than `most` the older ones are not known, nor the time before them.
 */
export function uptime(
  device: Watched,
  outages: Outage[],
  parts: Part[],
  [from, to]: Part,
  most: number,
): Uptime {
  const oldest = outages.length >= most ? outages.at(-1) : undefined;
  const begin = Math.max(from, seconds(device.createdAt), oldest ? seconds(oldest.from) : 0);
  const end = Math.min(to, device.archivedAt ? seconds(device.archivedAt) : to);
  const unknownSince = device.status === 'unknown' ? seconds(device.since) : Number.POSITIVE_INFINITY;
  const ups: Part[] = device.status === 'up' ? [...parts, [seconds(device.since), end]] : parts;
  const downs = outages.map((outage) => ({
    outage,
    part: [seconds(outage.from), outage.to ? seconds(outage.to) : end] as Part,
  }));
  const holds = (moment: number) => (part: Part) => part[0] <= moment && moment < part[1];
  const stateAt = (moment: number): [DeviceStatus, string | null] => {
    const down = downs.find(({ part }) => holds(moment)(part));
    if (down) return ['down', DEVICE_REASON[down.outage.reason].long];
    if (moment >= unknownSince) return ['unknown', device.reason ? DEVICE_REASON[device.reason].long : null];
    return ups.some(holds(moment)) ? ['up', null] : ['unknown', 'nobody knows'];
  };
  const borders = [begin, end, unknownSince, ...ups.flat(), ...downs.flatMap(({ part }) => part)]
    .filter((border) => border >= begin && border <= end)
    .sort((a, b) => a - b);
  const sums = { up: 0, down: 0, unknown: 0 };
  const segments: Segment[] = [];
  borders.forEach((border, index) => {
    const next = borders[index + 1];
    if (next === undefined || next <= border) return;
    const [status, note] = stateAt(border);
    sums[status] += next - border;
    const last = segments.at(-1);
    if (last && last.label === DEVICE[status].label && last.note === note) last.to = iso(next);
    else segments.push({ ...DEVICE[status], from: iso(border), to: iso(next), note });
  });
  const inside = downs.filter(({ part }) => part[0] < end && part[1] > begin);
  return {
    watched: sums.up + sums.down,
    down: sums.down,
    outages: inside.map(({ outage }) => outage),
    segments,
  };
}

const seconds = (at: string): number => Date.parse(at) / 1000;

const iso = (at: number): string => new Date(at * 1000).toISOString();

/** `99.95 %`: never all while something is missing, never none while something is there. */
export function upShare({ watched, down }: Pick<Uptime, 'watched' | 'down'>): string {
  if (watched <= 0) return '–';
  if (down <= 0) return '100 %';
  const exact = Math.max(0, (1 - down / watched) * 100);
  if (exact === 0) return '0 %';
  return `${Math.min(99.99, Math.max(0.01, Math.floor(exact * 100) / 100))} %`;
}
