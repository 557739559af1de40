/** Reads search parameters: whatever somebody typed into the address, each known name is a text or absent. */
export function texts<K extends string>(
  search: Record<string, unknown>,
  names: readonly K[],
): { [N in K]?: string } {
  const found: { [N in K]?: string } = {};
  for (const name of names) {
    const value = search[name];
    if (typeof value === 'string' && value !== '') found[name] = value;
  }
  return found;
}

/** `value` when it is a key of `words`: a word of the contract, not just any text from the address. */
export function wordOf<K extends string>(
  value: string | undefined,
  words: Record<K, unknown>,
): K | undefined {
  return value !== undefined && Object.hasOwn(words, value) ? (value as K) : undefined;
}
