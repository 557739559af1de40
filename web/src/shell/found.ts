/** The living matches, and after them, where they are few, those that are archived; `most` in all. */
export function livingFirst<T>(living: T[] | undefined, archived: T[] | undefined, most: number): T[] {
  return [...(living ?? []), ...(hasRoom(living, most) ? (archived ?? []) : [])].slice(0, most);
}

/** Whether it is worth asking for archived ones: the living ones are known, and leave room. */
export const hasRoom = (living: unknown[] | undefined, most: number): boolean =>
  living !== undefined && living.length < most;
