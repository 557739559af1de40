/** The types of the HTTP contract by the names that the pages use. */
export type * from './contract';

/** One page of a list. `next` is the cursor of the page after it; `null` on the last. */
export interface List<T> {
  items: T[];
  next: string | null;
  total: number;
}
