import { useEffect, useRef } from 'react';

/** What an error becomes that says that a part of the app could not be fetched. */
export const partMissing = { name: 'PartMissing', message: 'A part of this page could not be fetched.' };

/** What a proxy answers whose server is away, without a code of ours. */
const PROXY_ALONE = [502, 504];
const AGAIN_MS = 3000;
/** A part that is missing for good must not make the page load for ever. */
const RELOAD_MS = 60_000;
const RELOADED = 'imsys-reloaded';

/** No server answered, or a proxy for it; as opposed to a server that refused. */
export function isAway(error: unknown): boolean {
  if (isPartMissing(error)) return true;
  const { status, code } = error as { status?: number; code?: string };
  return status === 0 || (code === 'unknown' && PROXY_ALONE.includes(status ?? 0));
}

const isPartMissing = (error: unknown): boolean => error instanceof Error && error.name === partMissing.name;

/** While no server answers, asks every few seconds; when one does, goes on where `error` stopped it. */
export function useReturn(error: unknown, onReturn: (() => void) | undefined): void {
  const latest = useRef(onReturn);
  latest.current = onReturn;
  const away = isAway(error);
  const reloads = isPartMissing(error);
  useEffect(() => {
    if (!away) return;
    const ask = async () => {
      if (!(await answers())) return;
      if (!reloads) latest.current?.();
      else if (mayReload()) location.reload();
    };
    const timer = setInterval(() => void ask(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [away, reloads]);
}

async function answers(): Promise<boolean> {
  try {
    return (await fetch('/', { method: 'HEAD', cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}

function mayReload(): boolean {
  const last = Number(sessionStorage.getItem(RELOADED) ?? 0);
  if (Date.now() - last < RELOAD_MS) return false;
  sessionStorage.setItem(RELOADED, String(Date.now()));
  return true;
}
