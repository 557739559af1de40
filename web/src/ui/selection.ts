/** Rows that are ticked, by their ids. */
export interface Selection {
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
  /** What a row's tick is called, for those who cannot see it. */
  name: (id: string) => string;
}

/** With `ids` ticked, or not. */
export function ticked(chosen: ReadonlySet<string>, ids: string[], on: boolean): ReadonlySet<string> {
  const next = new Set(chosen);
  for (const id of ids) {
    if (on) next.add(id);
    else next.delete(id);
  }
  return next;
}

/** The ids from one to the other in the order of the rows, both included; the second alone when the first is not there. */
export function between(ids: string[], from: string | null, to: string): string[] {
  const [start, end] = [from === null ? -1 : ids.indexOf(from), ids.indexOf(to)];
  if (start < 0 || end < 0) return [to];
  return ids.slice(Math.min(start, end), Math.max(start, end) + 1);
}
