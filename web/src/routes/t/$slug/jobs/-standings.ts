import type { Run } from '../../../../api/types';
import { plural } from '../../../../format/number';

/** A router with its two kinds of jobs. */
export interface Standing {
  id: string;
  name: string;
  state: Run['routerState'];
  paused: boolean;
  sweep: Run | undefined;
  check: Run | undefined;
}

/** One line a router, in the order of the answer. */
export function standings(runs: Run[]): Standing[] {
  const lines = new Map<string, Standing>();
  const rests = new Map<string, Run>();
  for (const run of runs) {
    const { routerId: id, routerName: name, routerState: state, paused, kind } = run;
    const line = lines.get(id) ?? { id, name, state, paused, sweep: undefined, check: undefined };
    lines.set(id, line);
    if (kind === 'SWEEP_PPP') line.sweep = run;
    if (kind === 'CHECK_STATIC_USERS') line.check = run;
    if (kind === 'CHECK_STATIC_REST') rests.set(id, run);
  }
  return [...lines.values()].map((line) => ({ ...line, check: together(line.check, rests.get(line.id)) }));
}

/**
 * A check whose lines do not fit into one job has a second part. What came last is told, and that the second part
 * failed also while the next check has only begun.
 */
function together(first: Run | undefined, rest: Run | undefined): Run | undefined {
  if (!first || !rest) return first ?? rest;
  const at = (time: string | null | undefined) => (time ? Date.parse(time) : 0);
  const ran = at(first.lastAt);
  const round = rest.outcome === 'failed' ? Math.max(0, at(first.nextAt) - ran) : 0;
  const { lastAt, tookMs, outcome, error } = at(rest.lastAt) >= ran - round ? rest : first;
  return { ...first, lastAt, tookMs, outcome, error };
}

/** Whether something could not be done at the router the last time. */
export const hasFailed = ({ sweep, check }: Standing): boolean =>
  [sweep, check].some((run) => run?.outcome === 'failed');

/** How things are, in one sentence. */
export function headline(lines: Standing[]): string {
  const down = lines.filter(({ state }) => state === 'down').length;
  const failed = lines.filter((line) => line.state !== 'down' && hasFailed(line)).length;
  const paused = lines.filter((line) => line.paused).length;
  const words: string[] = [];
  if (down > 0) words.push(`${down} of ${plural(lines.length, 'router')} cannot be reached`);
  if (failed > 0)
    words.push(`${failed} of ${plural(lines.length, 'router')} could not be asked the last time`);
  if (words.length === 0) words.push('Every router answered the last time');
  if (paused > 0) words.push(`${paused} paused`);
  return words.join(' · ');
}
