import type { Device, Outage } from '../../../../api/types';
import type { Segment } from '../../../../ui/TimelineBar';
import { DEVICE, DEVICE_REASON } from '../../../../words/states';

export interface Uptime {
  /** Seconds that somebody watched it, and of those it was down. */
  watched: number;
  down: number;
  outages: Outage[];
  segments: Segment[];
}

type Watched = Pick<Device, 'createdAt' | 'status' | 'since' | 'reason' | 'archivedAt'>;

/**
 * What is known of a device between two moments, in unix seconds: it was up from when it was added, but for its outages;
 * what is unknown now is unknown since then. Of more outages than `most` the older ones are not known, nor the time
 * before them.
 */
export function uptime(device: Watched, outages: Outage[], from: number, to: number, most: number): Uptime {
  const ms = (at: string) => Date.parse(at);
  const oldest = outages.length >= most ? outages.at(-1) : undefined;
  const begin = Math.max(from * 1000, ms(device.createdAt), oldest ? ms(oldest.from) : 0);
  const unknownSince = device.status === 'unknown' ? ms(device.since) : Number.POSITIVE_INFINITY;
  const end = Math.min(to * 1000, device.archivedAt ? ms(device.archivedAt) : Number.POSITIVE_INFINITY);
  const cut = ({ from: first, to: last }: { from: string; to?: string | null }): [number, number] => [
    Math.max(begin, ms(first)),
    Math.min(end, last ? ms(last) : end),
  ];
  const inside = outages.filter((outage) => cut(outage)[0] < cut(outage)[1]);
  const segments: Segment[] = [];
  const add = (status: keyof typeof DEVICE, first: number, last: number, note?: string) => {
    if (last > first)
      segments.push({ ...DEVICE[status], from: iso(first), to: iso(last), note: note ?? null });
  };
  let at = begin;
  for (const outage of inside.toReversed()) {
    const [first, last] = cut(outage);
    add('up', at, Math.min(first, unknownSince));
    add('down', first, last, DEVICE_REASON[outage.reason].long);
    at = Math.max(at, last);
  }
  add('up', at, Math.min(end, unknownSince));
  const why = device.reason ? DEVICE_REASON[device.reason].long : undefined;
  add('unknown', Math.max(at, unknownSince), end, why);
  const length = (label: string) =>
    segments
      .filter((segment) => segment.label === label)
      .reduce((sum, segment) => sum + (ms(segment.to) - ms(segment.from)) / 1000, 0);
  const down = length(DEVICE.down.label);
  return { watched: length(DEVICE.up.label) + down, down, outages: inside, segments };
}

const iso = (at: number): string => new Date(at).toISOString();

/** `99.95 %`: never all while something is missing, never none while something is there. */
export function upShare({ watched, down }: Pick<Uptime, 'watched' | 'down'>): string {
  if (watched <= 0) return '–';
  if (down <= 0) return '100 %';
  const exact = Math.max(0, (1 - down / watched) * 100);
  if (exact === 0) return '0 %';
  return `${Math.min(99.99, Math.max(0.01, Math.floor(exact * 100) / 100))} %`;
}
