import type { Money } from '../api/types';

const INTEGER = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });

/** Thousands grouped as the reader is used to. */
export const count = (value: number): string => INTEGER.format(value);

/** `1 service`, `2 services`. */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** Minor units as an amount with its currency; how many decimals is a matter of the currency. */
export function money({ minor, currency }: Money): string {
  const format = new Intl.NumberFormat(undefined, { style: 'currency', currency, currencyDisplay: 'code' });
  return format.format(minor / 10 ** decimals(currency)).replace('\u00a0', ' ');
}

/** How many decimals amounts in `currency` have: KES 2, JPY 0. */
export function decimals(currency: string): number {
  const { maximumFractionDigits } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  return maximumFractionDigits ?? 2;
}

/** A line rate in the unit that customers know: `512 kbit/s`, `20 Mbit/s`, `1.5 Gbit/s`. */
export function rate(kbps: number | null | undefined): string {
  if (kbps == null) return '–';
  if (kbps >= 1_000_000) return `${trim(kbps / 1_000_000)} Gbit/s`;
  if (kbps >= 1000) return `${trim(kbps / 1000)} Mbit/s`;
  return `${trim(kbps)} kbit/s`;
}

const VOLUMES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** An amount of data in decimal units, as plans are sold: `512 kB`, `12.3 GB`. */
export function volume(bytes: number): string {
  const size = bytes < 1000 ? 0 : Math.min(VOLUMES.length - 1, Math.floor(Math.log10(bytes) / 3));
  const text = digits(bytes / 1000 ** size, 1);
  // 999.97 kB are 1 MB.
  return text === '1000' && size < VOLUMES.length - 1 ? `1 ${VOLUMES[size + 1]}` : `${text} ${VOLUMES[size]}`;
}

/** A share in whole percent; never 100 % while something is missing, never 0 % while something is there. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  const exact = (part / whole) * 100;
  const rounded = part === whole ? 100 : part === 0 ? 0 : Math.min(99, Math.max(1, Math.round(exact)));
  return `${rounded} %`;
}

/** A time in milliseconds with three digits that say something: `0.42 ms`, `12.3 ms`, `140 ms`. */
export function millis(ms: number | null | undefined): string {
  if (ms == null) return '–';
  return `${digits(ms)} ms`;
}

/** Lost packets in percent; a little is never shown as none. */
export function loss(percent: number | null | undefined): string {
  if (percent == null) return '–';
  return percent > 0 && percent < 0.1 ? 'below 0.1 %' : `${digits(percent, 1)} %`;
}

/** About three digits that say something, and no more than `most` behind the point. */
export function digits(value: number, most = 2): string {
  const size = Math.abs(value);
  const decimals = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return String(Number(value.toFixed(Math.min(most, decimals))));
}

const trim = (value: number): string => String(Math.round(value * 10) / 10);
