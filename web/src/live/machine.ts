/**
 * What the live stream means, as a pure machine: inputs in, next state and effects out. `stream.ts` gives it a
 * connection and a clock.
 *
 * The rules are the server's: `hello {stream, seq}` says up to which place of which stream everything has been told, and
 * `seq` of each message how far that is now. Who comes back says where it stood and is greeted with just that when
 * nothing is missing. Another greeting, also in the middle of a stream, means that something was missed.
 */

export type Health = 'connecting' | 'live' | 'frozen' | 'signed-out';

export interface LiveState {
  health: Health;
  stream: string | null;
  seq: number;
  /** When the connection last showed life (ms); what is on the screen is this old when frozen. */
  heardAt: number;
  /** Attempts in a row that failed. */
  failures: number;
}

export type LiveInput =
  | { kind: 'event'; name: string; data: { stream?: string; seq?: number } }
  | { kind: 'beat' }
  | { kind: 'refused'; status: number }
  | { kind: 'lost' }
  | { kind: 'tick' };

export type LiveEffect =
  | { kind: 'apply'; name: string; data: unknown }
  /** Something was missed: what is shown must be fetched anew. */
  | { kind: 'refetch' }
  | { kind: 'connect'; afterMs: number }
  | { kind: 'disconnect' };

/** The server beats every 15 s; two beats missed and some travel is silence. */
export const SILENCE_MS = 35_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;

export const initial = (now: number): LiveState => ({
  health: 'connecting',
  stream: null,
  seq: 0,
  heardAt: now,
  failures: 0,
});

export function step(state: LiveState, input: LiveInput, now: number): [LiveState, LiveEffect[]] {
  switch (input.kind) {
    case 'event':
      return input.name === 'hello' ? hello(state, input.data, now) : event(state, input, now);
    case 'beat':
      return [{ ...state, heardAt: now }, []];
    case 'refused':
      if (input.status === 401) return [{ ...state, health: 'signed-out' }, []];
      return retry(state);
    case 'lost':
      return retry(state);
    case 'tick':
      if (state.health !== 'live' || now - state.heardAt < SILENCE_MS) return [state, []];
      return withFirst({ kind: 'disconnect' }, retry(state));
  }
}

function hello(
  state: LiveState,
  data: { stream?: string; seq?: number },
  now: number,
): [LiveState, LiveEffect[]] {
  const { stream = '', seq = 0 } = data;
  const missed =
    state.health === 'live' || (state.stream !== null && (state.stream !== stream || state.seq !== seq));
  const next: LiveState = { health: 'live', stream, seq, heardAt: now, failures: 0 };
  return [next, missed ? [{ kind: 'refetch' }] : []];
}

function event(
  state: LiveState,
  input: { name: string; data: { seq?: number } },
  now: number,
): [LiveState, LiveEffect[]] {
  const seq = Math.max(state.seq, input.data.seq ?? 0);
  return [{ ...state, seq, heardAt: now }, [{ kind: 'apply', name: input.name, data: input.data }]];
}

/** A connection that fails is tried again, sooner at first. The screen freezes: nothing on it is known to be true now. */
function retry(state: LiveState): [LiveState, LiveEffect[]] {
  const afterMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** state.failures);
  const health = state.health === 'connecting' && state.failures === 0 ? 'connecting' : 'frozen';
  return [{ ...state, health, failures: state.failures + 1 }, [{ kind: 'connect', afterMs }]];
}

function withFirst(
  effect: LiveEffect,
  [state, effects]: [LiveState, LiveEffect[]],
): [LiveState, LiveEffect[]] {
  return [state, [effect, ...effects]];
}
