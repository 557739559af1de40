import type { Reading } from '../../../../api/types';
import { digits, rate } from '../../../../format/number';
import { duration } from '../../../../format/time';

/** Readings that are drawn in one graph: of one kind and in one unit. */
export interface Group {
  title: string;
  unit: string;
  /** Ends of the scale, where a kind has some. */
  low?: number;
  high?: number;
  lines: { series: string; name: string; reading: Reading }[];
}

interface Kind {
  title: string;
  /** What a line is called beside lines of another class. */
  part?: string;
  low?: number;
  high?: number;
}

const SHARE = { low: 0, high: 100 };

/** Classes that are drawn, in the order of the page. */
const KINDS: Record<string, Kind> = {
  signal: { title: 'Signal' },
  rsrp: { title: 'RSRP' },
  rsrq: { title: 'RSRQ' },
  sinr: { title: 'SINR' },
  rssi: { title: 'RSSI' },
  'noise-floor': { title: 'Noise floor' },
  snr: { title: 'SNR' },
  ccq: { title: 'CCQ', ...SHARE },
  quality: { title: 'Quality', ...SHARE },
  capacity: { title: 'Capacity', ...SHARE },
  utilisation: { title: 'Utilisation', ...SHARE },
  'rate-tx': { title: 'Data rate', part: 'sent', low: 0 },
  'rate-rx': { title: 'Data rate', part: 'received', low: 0 },
  clients: { title: 'Clients', low: 0 },
  mse: { title: 'MSE' },
  xpi: { title: 'XPI' },
  'error-ratio': { title: 'Errors', low: 0 },
  'tx-power': { title: 'Transmit power' },
  'optical-power': { title: 'Optical power' },
  cpu: { title: 'CPU', ...SHARE },
  memory: { title: 'Memory', ...SHARE },
  storage: { title: 'Storage', ...SHARE },
  temperature: { title: 'Temperature' },
  voltage: { title: 'Voltage' },
  current: { title: 'Current' },
  power: { title: 'Power' },
  fan: { title: 'Fans', low: 0 },
};

/** Classes of which only the latest value is told. */
const PLAIN: Record<string, string> = {
  uptime: 'Uptime',
  frequency: 'Frequency',
  channel: 'Channel',
  'channel-width': 'Channel width',
  distance: 'Distance',
  mcs: 'MCS',
  state: 'State',
  count: 'Count',
  errors: 'Errors',
  'memory-used': 'Memory in use',
  'memory-total': 'Memory',
  'storage-used': 'Storage in use',
  'storage-total': 'Storage',
};

/** More lines in one graph cannot be told apart. */
const LINES_MOST = 6;

/** Readings as graphs, in the order of the page; classes that are new here come last under their own names. */
export function groups(readings: Reading[]): Group[] {
  const order = Object.keys(KINDS);
  const place = ({ class: kind }: Reading) => (order.indexOf(kind) + order.length + 1) % (order.length + 1);
  const found = new Map<string, Group>();
  for (const reading of readings.toSorted((a, b) => place(a) - place(b))) {
    // What was never read has no history; what the last poll did not give has one.
    if (reading.at == null || Object.hasOwn(PLAIN, reading.class)) continue;
    const { title, part, ...ends } = kindOf(reading.class);
    const key = `${title} ${reading.unit}`;
    const group = found.get(key) ?? { title, unit: reading.unit, ...ends, lines: [] };
    found.set(key, group);
    if (group.lines.length >= LINES_MOST) continue;
    const name = [part, reading.descr || (part ? '' : reading.index)].filter(Boolean).join(' ');
    group.lines.push({
      series: `${reading.class}:${reading.index}`,
      name: unique(group, name, reading),
      reading,
    });
  }
  return [...found.values()];
}

const kindOf = (name: string): Kind => KINDS[name] ?? { title: capital(name.replaceAll('-', ' ')) };

/** Two lines of one name are told apart by their index. */
const unique = ({ lines }: Group, name: string, { index }: Reading): string =>
  lines.some((line) => line.name === name) ? `${name} ${index}` : name;

/** Latest values that are not drawn, with their names. */
export function facts(readings: Reading[]): [name: string, value: string][] {
  return readings.flatMap((reading): [string, string][] => {
    const title = PLAIN[reading.class];
    if (!title || (reading.value == null && !reading.state)) return [];
    return [[nameOf(reading, title), inWords(reading)]];
  });
}

/** States and counts are of anything: their description says of what. */
const OF_ANYTHING = ['state', 'count'];

function nameOf({ class: kind, descr }: Reading, title: string): string {
  if (!descr || descr === title) return title;
  return OF_ANYTHING.includes(kind) ? descr : `${title}, ${descr}`;
}

/** The readings of each station. */
export function stations(readings: Reading[]): { station: string; readings: Reading[] }[] {
  const found = new Map<string, Reading[]>();
  for (const reading of readings) {
    if (!reading.station) continue;
    found.set(reading.station, [...(found.get(reading.station) ?? []), reading]);
  }
  return [...found].map(([station, own]) => ({ station, readings: own }));
}

/** The classes that any station has, with their titles, in the order of the page. */
export function stationColumns(readings: Reading[]): { class: string; title: string }[] {
  const classes = new Set(readings.filter(({ station }) => station).map((reading) => reading.class));
  return [...Object.keys(KINDS), ...Object.keys(PLAIN)]
    .filter((name) => classes.has(name))
    .map((name) => {
      const { title, part } = KINDS[name] ?? { title: PLAIN[name] ?? name };
      return { class: name, title: [title, part].filter(Boolean).join(', ') };
    });
}

/** The value of a reading: its state's name, or the number with its unit. */
export const inWords = ({ state, value, unit }: Pick<Reading, 'state' | 'value' | 'unit'>): string =>
  state ?? (value == null ? '–' : quantity(value, unit));

/** A number with its unit, in the size that people know. */
export function quantity(value: number, unit: string): string {
  if (unit === 'bit/s') return rate(value / 1000);
  if (unit === 's') return duration(value * 1000);
  if (unit === 'B') return bytes(value);
  return [digits(value), unit].filter(Boolean).join(' ');
}

const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

function bytes(value: number): string {
  const size = Math.min(SIZES.length - 1, Math.floor(Math.log2(Math.max(1, value)) / 10));
  return `${digits(value / 1024 ** size)} ${SIZES[size]}`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
