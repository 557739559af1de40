/** Leaves for another session or none: a full load, so that nothing of the old one stays in memory. */
export function leave(path: string): void {
  location.assign(path);
}

/** A path inside this site that may follow a sign-in; anything else becomes the start page. */
export function insidePath(path: string | undefined): string {
  return path && /^\/(?![/\\])/.test(path) ? path : '/';
}
