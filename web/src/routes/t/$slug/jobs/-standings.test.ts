import { describe, expect, it } from 'vitest';
import type { Run } from '../../../../api/types';
import { headline, standings } from './-standings';

const run = (routerId: string, kind: string, more: Partial<Run> = {}): Run => ({
  routerId,
  routerName: routerId,
  routerState: 'up',
  kind,
  label: kind,
  lastAt: null,
  tookMs: null,
  outcome: null,
  error: null,
  nextAt: null,
  paused: false,
  ...more,
});

describe('the standings', () => {
  it('are one line a router, whatever other kinds have run', () => {
    const lines = standings([
      run('a', 'SWEEP_PPP'),
      run('a', 'CHECK_STATIC_USERS'),
      run('a', 'SOMETHING_ELSE'),
      run('b', 'SWEEP_PPP'),
    ]);
    expect(lines.map(({ id, sweep, check }) => [id, sweep?.kind, check?.kind])).toEqual([
      ['a', 'SWEEP_PPP', 'CHECK_STATIC_USERS'],
      ['b', 'SWEEP_PPP', undefined],
    ]);
  });

  it('tell of a check in two parts what came last, and a failure of the second for one round', () => {
    const at = (second: number) => new Date(second * 1000).toISOString();
    const check = (lastAt: number, nextAt: number | null = lastAt + 60): Run =>
      run('a', 'CHECK_STATIC_USERS', {
        lastAt: at(lastAt),
        nextAt: nextAt === null ? null : at(nextAt),
        outcome: 'done',
      });
    const rest = (lastAt: number, outcome: 'done' | 'failed'): Run =>
      run('a', 'CHECK_STATIC_REST', {
        lastAt: at(lastAt),
        outcome,
        error: outcome === 'failed' ? 'no' : null,
      });
    const told = (...runs: Run[]) => {
      const line = standings(runs)[0]?.check;
      return [line?.outcome, line?.lastAt && Date.parse(line.lastAt) / 1000, line?.error];
    };
    expect(told(check(100), rest(101, 'done'))).toEqual(['done', 101, null]);
    expect(told(rest(101, 'failed'), check(100))).toEqual(['failed', 101, 'no']);
    expect(told(check(160), rest(101, 'failed'))).toEqual(['failed', 101, 'no']);
    expect(told(check(220), rest(101, 'failed'))).toEqual(['done', 220, null]);
    expect(told(check(160, null), rest(101, 'failed'))).toEqual(['done', 160, null]);
    expect(standings([check(100), rest(101, 'failed')])[0]?.check?.nextAt).toBe(at(160));
  });

  it('say how many routers could not be asked and how many are paused', () => {
    const good = [run('a', 'SWEEP_PPP', { outcome: 'done' })];
    expect(headline(standings(good))).toBe('Every router answered the last time');
    const mixed = [
      ...good,
      run('b', 'SWEEP_PPP', { outcome: 'failed' }),
      run('c', 'SWEEP_PPP', { paused: true }),
    ];
    expect(headline(standings(mixed))).toBe('1 of 3 routers could not be asked the last time · 1 paused');
    const away = [...good, run('b', 'SWEEP_PPP', { outcome: 'done', routerState: 'down' })];
    expect(headline(standings(away))).toBe('1 of 2 routers cannot be reached');
  });
});
