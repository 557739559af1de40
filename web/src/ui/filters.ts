/** What a search box can filter by, and what it suggests while somebody types. */

export interface FilterField {
  /** As typed before the colon and as named in the URL. */
  key: string;
  /** What it is about, for the list of suggestions. */
  hint: string;
  options: { value: string; label: string }[];
}

export type Filters = Record<string, string | undefined>;

export interface Suggestion {
  id: string;
  key: string;
  label: string;
  /** Absent: choosing it only begins the filter. */
  value?: string;
}

const MOST = 50;
/** Suggestions of values while plain text is typed; more would hide what is searched. */
const MOST_LOOSE = 6;

/**
 * Suggestions for `text`. `typing` is true while the text is a filter in the making, not a search; `none` says
 * that it can be none, and what it could be.
 */
export function suggest(
  fields: FilterField[],
  filters: Filters,
  text: string,
): { typing: boolean; items: Suggestion[]; none?: string } {
  const free = fields.filter((field) => filters[field.key] === undefined && field.options.length > 0);
  const [head = '', ...tail] = text.split(':');
  const field = tail.length > 0 ? fields.find(({ key }) => key === head.trim().toLowerCase()) : undefined;
  if (field) {
    const wanted = tail.join(':').trim();
    const items = values(field, wanted).slice(0, MOST);
    return items.length > 0 ? { typing: true, items } : { typing: true, items, none: noSuch(field, wanted) };
  }
  if (text.trim() === '') return { typing: false, items: free.map(beginning) };
  const starting = free.filter(({ key }) => key.startsWith(text.trim().toLowerCase())).map(beginning);
  const matching = free.flatMap((each) => values(each, text)).slice(0, MOST_LOOSE);
  return { typing: false, items: [...starting, ...matching] };
}

/** What to show for a chosen value: its label, or the value itself while labels are on their way. */
export function labelOf(fields: FilterField[], key: string, value: string): string {
  const field = fields.find((each) => each.key === key);
  return field?.options.find((option) => option.value === value)?.label ?? value;
}

/** More than these are not listed: a router is found by its name, not read from a list. */
const MOST_NAMED = 6;

function noSuch({ key, hint, options }: FilterField, wanted: string): string {
  const known = options.length <= MOST_NAMED ? options.map(({ label }) => label).join(', ') : hint;
  return `There is no ${key} “${wanted}”${known ? `: ${known}` : ''}.`;
}

const beginning = ({ key, hint }: FilterField): Suggestion => ({ id: `${key}:`, key, label: hint });

function values({ key, options }: FilterField, text: string): Suggestion[] {
  const wanted = text.trim().toLowerCase();
  return options
    .filter(({ label }) => label.toLowerCase().includes(wanted))
    .map(({ value, label }) => ({ id: `${key}:${value}`, key, label, value }));
}
