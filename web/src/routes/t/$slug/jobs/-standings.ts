import type { JobStanding, Run } from '../../../../api/types';
import { plural } from '../../../../format/number';

/** A kind of job at routers. */
export interface Kind {
  /** As the API knows it. */
  kind: string;
  /** As people know it. */
  label: string;
}

/** A router with how each kind of job went there. */
export interface Standing {
  id: string;
  name: string;
  state: Run['routerState'];
  paused: boolean;
  jobs: JobStanding[];
}

/** The kinds of jobs that stand alone, each once, in the order of the answer. */
export function kindsOf(runs: Run[]): Kind[] {
  const kinds = new Map<string, Kind>();
  for (const { kind, label, partOf } of runs)
    if (!partOf && !kinds.has(kind)) kinds.set(kind, { kind, label });
  return [...kinds.values()];
}

/** One line a router, in the order of the answer. */
export function standings(runs: Run[]): Standing[] {
  const lines = new Map<string, Standing>();
  for (const run of runs) {
    const { routerId: id, routerName: name, routerState: state, paused } = run;
    const line = lines.get(id) ?? { id, name, state, paused, jobs: [] };
    lines.set(id, line);
    line.jobs.push(run);
  }
  return [...lines.values()].map((line) => ({ ...line, jobs: wholes(line.jobs) }));
}

function wholes(jobs: JobStanding[]): JobStanding[] {
  const partsOf = (whole: JobStanding) => jobs.filter(({ partOf }) => partOf === whole.kind);
  return jobs.filter(({ partOf }) => !partOf).map((whole) => together(whole, partsOf(whole)));
}

/**
 * Parts of a job, such as the rest of a check, tell how it went too: a failure until the next round of the whole is over,
 * and else what came last.
 */
function together(whole: JobStanding, parts: JobStanding[]): JobStanding {
  const began = at(whole.lastAt);
  const round = Math.max(0, at(whole.nextAt) - began);
  const counts = ({ lastAt, outcome }: JobStanding) =>
    at(lastAt) >= began - (outcome === 'failed' ? round : 0);
  const told = [whole, ...parts.filter(counts)];
  const failed = told.filter(({ outcome }) => outcome === 'failed');
  const { lastAt, tookMs, outcome, error } = latest(failed) ?? latest(told) ?? whole;
  return { ...whole, lastAt, tookMs, outcome, error };
}

const at = (time: string | null | undefined) => (time ? Date.parse(time) : 0);

const latest = (jobs: JobStanding[]): JobStanding | undefined =>
  jobs.toSorted((one, other) => at(other.lastAt) - at(one.lastAt))[0];

/** Whether something could not be done at the router the last time. */
export const hasFailed = ({ jobs }: Standing): boolean => jobs.some(({ outcome }) => outcome === 'failed');

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
