type Value = string | number | null | undefined;

/** What rows are sorted by, by the name of the field in the address. */
export type SortFields<T> = Record<string, (row: T) => Value>;

/**
 * Rows that are all here, in the order of `sort` (`field` upwards, `-field` downwards); what is not known comes last
 * either way. Without a known field they stay as they are.
 */
export function sorted<T>(
  rows: T[] | undefined,
  sort: string | undefined,
  fields: SortFields<T>,
): T[] | undefined {
  const down = sort?.startsWith('-') ?? false;
  const read = fields[(down ? sort?.slice(1) : sort) ?? ''];
  if (!rows || !read) return rows;
  return rows.toSorted((one, other) => {
    const [a, b] = [read(one), read(other)];
    if (a == null || b == null) return Number(a == null) - Number(b == null);
    return (down ? -1 : 1) * compare(a, b);
  });
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), undefined, { numeric: true });
}
