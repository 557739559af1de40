/** Times come as RFC 3339 UTC and are shown in the browser's zone, which every title names. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS: [number, string][] = [
  [DAY, 'd'],
  [HOUR, 'h'],
  [MINUTE, 'min'],
  [SECOND, 's'],
];

/** The two largest units of a length of time: `3 d 4 h`, `12 s`. Below a second, and negative: `0 s`. */
export function duration(ms: number): string {
  const start = UNITS.findIndex(([unit]) => ms >= unit);
  if (start < 0) return '0 s';
  let rest = ms;
  const words = UNITS.slice(start, start + 2).map(([unit, name]) => {
    const count = Math.floor(rest / unit);
    rest -= count * unit;
    return count > 0 ? `${count} ${name}` : '';
  });
  return words.filter(Boolean).join(' ');
}

/** The largest unit alone, for dense places: `3 d`, `12 s`. */
export function shortDuration(ms: number): string {
  const [count = '0', unit = 's'] = duration(ms).split(' ');
  return `${count} ${unit}`;
}

/** `12 s ago`, `just now` below two seconds and for times slightly ahead of this clock. */
export function ago(at: string, now: number): string {
  const ms = now - Date.parse(at);
  return ms < 2 * SECOND ? 'just now' : `${shortDuration(ms)} ago`;
}

/** `in 4 min`, `now` when it is due. */
export function ahead(at: string, now: number): string {
  const ms = Date.parse(at) - now;
  return ms < SECOND ? 'now' : `in ${shortDuration(ms)}`;
}

/** How long some work took: `340 ms`, `1.2 s`, `1 min 5 s`. */
export function took(ms: number): string {
  if (ms < SECOND) return `${Math.max(0, Math.round(ms))} ms`;
  return ms < MINUTE ? `${(ms / SECOND).toFixed(1)} s` : duration(ms);
}

const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' });
const SHORT = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const DAY_NAME = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });
const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const WITH_YEAR = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** With seconds and zone, for titles. */
export const exact = (at: string): string => EXACT.format(new Date(at));

/** Day and minute; the year only when it is not this one. */
export function dateTime(at: string, now: number): string {
  const date = new Date(at);
  const format = date.getFullYear() === new Date(now).getFullYear() ? SHORT : WITH_YEAR;
  return format.format(date);
}

/** The day alone, of a time in ms. */
export const dayName = (at: number): string => DAY_NAME.format(at);

const UTC_DAY = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', timeZone: 'UTC' });

/** A day that begins at midnight UTC, of a time in ms. */
export const utcDay = (at: number): string => UTC_DAY.format(at);

/** Hour and minute alone, of a time in ms. */
export const timeOfDay = (at: number): string => TIME.format(at);
