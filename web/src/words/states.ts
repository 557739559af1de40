import type { RouterState, ServiceKind, ServiceStatus, Source, Verdict } from '../api/types';
import type { Tone } from '../ui/Status';

interface Word {
  tone: Tone;
  label: string;
}

export const SERVICE: Record<ServiceStatus, Word> = {
  online: { tone: 'good', label: 'Online' },
  offline: { tone: 'bad', label: 'Offline' },
  unknown: { tone: 'idle', label: 'Unknown' },
};

export const ROUTER: Record<RouterState, Word> = {
  up: { tone: 'good', label: 'Up' },
  down: { tone: 'bad', label: 'Down' },
  unknown: { tone: 'idle', label: 'Unknown' },
  new: { tone: 'warn', label: 'Not set up' },
};

export const KIND: Record<ServiceKind, string> = { pppoe: 'PPPoE', static: 'Static' };

/** Who said so. */
export const SOURCE: Record<Source, { label: string; long: string }> = {
  webhook: { label: 'router event', long: 'the router reported it the moment it happened' },
  listen: { label: 'live table', long: 'seen in the live table of the router' },
  sweep: { label: 'sweep', long: 'read from the whole table of the router' },
};

export const VERDICT: Record<Verdict, Tone> = { ok: 'good', warn: 'warn', bad: 'bad', info: 'idle' };

/** A machine's word for people: `router-rebooted` becomes `router rebooted`. */
export const spoken = (code: string | null | undefined): string => (code ?? '').replaceAll(/[-_]/g, ' ');
