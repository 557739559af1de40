/** Leaves for another session or none: a full load, so that nothing of the old one stays in memory. */
export function leave(path: string): void {
  location.assign(path);
}

/** Stands for this site, whatever it is called. */
const HERE = 'http://here.invalid';

/**
 * A path inside this site that may follow a sign-in; anything else becomes the start page. The browser's own rules
 * for URLs decide: they drop tabs and line breaks, and take backslashes for slashes.
 */
export function insidePath(path: string | undefined): string {
  if (!path?.startsWith('/') || !URL.canParse(path, HERE)) return '/';
  const { origin, pathname, search, hash } = new URL(path, HERE);
  return origin === HERE && !pathname.startsWith('//') ? pathname + search + hash : '/';
}
