import { describe, expect, it } from 'vitest';
import { initial, type LiveInput, type LiveState, SILENCE_MS, step } from './machine';

const hello = (stream: string, seq: number): LiveInput => ({
  kind: 'event',
  name: 'hello',
  data: { stream, seq },
});
const service = (seq: number): LiveInput => ({ kind: 'event', name: 'service', data: { seq } });

/** Feeds inputs one after the other and gives the last state with the kinds of all effects. */
function feed(inputs: LiveInput[], start: LiveState = initial(0), now = 0): [LiveState, string[]] {
  let state = start;
  const kinds: string[] = [];
  for (const input of inputs) {
    const [next, effects] = step(state, input, now);
    state = next;
    kinds.push(...effects.map((effect) => effect.kind));
  }
  return [state, kinds];
}

describe('the live stream', () => {
  it('is live from the first hello, and fetches nothing again for it', () => {
    const [state, effects] = feed([hello('a', 41)]);
    expect(state).toMatchObject({ health: 'live', stream: 'a', seq: 41 });
    expect(effects).toEqual([]);
  });

  it('applies every message, and knows how far it was told', () => {
    const [state, effects] = feed([hello('a', 1), service(1), service(40), service(40)]);
    expect(state.seq).toBe(40);
    expect(effects).toEqual(['apply', 'apply', 'apply']);
  });

  it('fetches nothing again where the server goes on from where it stood', () => {
    expect(feed([hello('a', 5), service(7), { kind: 'lost' }, hello('a', 7)])[1]).toEqual([
      'apply',
      'connect',
    ]);
  });

  it('fetches anew when it is greeted with another place, or in the middle of a stream', () => {
    expect(feed([hello('a', 5), { kind: 'lost' }, hello('b', 5)])[1]).toEqual(['connect', 'refetch']);
    expect(feed([hello('a', 5), { kind: 'lost' }, hello('a', 9)])[1]).toEqual(['connect', 'refetch']);
    expect(feed([hello('a', 5), hello('a', 9)])[1]).toEqual(['refetch']);
  });

  it('freezes when the connection is lost and waits longer each time', () => {
    let state = feed([hello('a', 1)])[0];
    const waits = [];
    for (let attempt = 0; attempt < 7; attempt += 1) {
      const [next, [effect]] = step(state, { kind: 'lost' }, 0);
      state = next;
      expect(state.health).toBe('frozen');
      waits.push(effect?.kind === 'connect' ? effect.afterMs : null);
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  });

  it('takes silence for a lost connection, and a beat for life', () => {
    const live = feed([hello('a', 1)])[0];
    expect(step(live, { kind: 'tick' }, SILENCE_MS - 1)[1]).toEqual([]);
    const [frozen, effects] = step(live, { kind: 'tick' }, SILENCE_MS);
    expect(frozen.health).toBe('frozen');
    expect(effects.map((effect) => effect.kind)).toEqual(['disconnect', 'connect']);
    const beaten = step(live, { kind: 'beat' }, SILENCE_MS - 1)[0];
    expect(step(beaten, { kind: 'tick' }, SILENCE_MS + 10)[1]).toEqual([]);
  });

  it('stops when the session is gone', () => {
    const [state, effects] = feed([hello('a', 1), { kind: 'refused', status: 401 }]);
    expect(state.health).toBe('signed-out');
    expect(effects).toEqual([]);
  });

  it('does not call the very first failure frozen, but the second', () => {
    const [once] = feed([{ kind: 'lost' }]);
    expect(once.health).toBe('connecting');
    expect(feed([{ kind: 'lost' }], once)[0].health).toBe('frozen');
  });
});
