import { describe, expect, it } from 'vitest';
import type { Run } from '../../../../api/types';
import { headline, kindsOf, standings } from './-standings';

const run = (routerId: string, kind: string, more: Partial<Run> = {}): Run => ({
  routerId,
  routerName: routerId,
  routerState: 'up',
  kind,
  label: `Do ${kind}`,
  partOf: null,
  lastAt: null,
  tookMs: null,
  outcome: null,
  error: null,
  nextAt: null,
  paused: false,
  ...more,
});

describe('the standings', () => {
  const runs = [
    run('a', 'SWEEP_PPP'),
    run('a', 'CHECK_STATIC_USERS'),
    run('a', 'CHECK_STATIC_REST', { partOf: 'CHECK_STATIC_USERS' }),
    run('a', 'SOMETHING_ELSE'),
    run('b', 'SWEEP_PPP'),
  ];

  it('are one line a router, whatever kinds there are', () => {
    expect(standings(runs).map(({ id, jobs }) => [id, jobs.map(({ kind }) => kind)])).toEqual([
      ['a', ['SWEEP_PPP', 'CHECK_STATIC_USERS', 'SOMETHING_ELSE']],
      ['b', ['SWEEP_PPP']],
    ]);
  });

  it('have each kind that stands alone once, named and ordered by the answer', () => {
    expect(kindsOf(runs)).toEqual([
      { kind: 'SWEEP_PPP', label: 'Do SWEEP_PPP' },
      { kind: 'CHECK_STATIC_USERS', label: 'Do CHECK_STATIC_USERS' },
      { kind: 'SOMETHING_ELSE', label: 'Do SOMETHING_ELSE' },
    ]);
    expect(kindsOf([])).toEqual([]);
  });

  it('tell of a job in parts what came last, and a failure of a part for one round', () => {
    const at = (second: number) => new Date(second * 1000).toISOString();
    const check = (lastAt: number, nextAt: number | null = lastAt + 60): Run =>
      run('a', 'CHECK_STATIC_USERS', {
        lastAt: at(lastAt),
        nextAt: nextAt === null ? null : at(nextAt),
        outcome: 'done',
      });
    const rest = (lastAt: number, outcome: 'done' | 'failed'): Run =>
      run('a', 'CHECK_STATIC_REST', {
        partOf: 'CHECK_STATIC_USERS',
        lastAt: at(lastAt),
        outcome,
        error: outcome === 'failed' ? 'no' : null,
      });
    const told = (...runs: Run[]) => {
      const line = standings(runs)[0]?.jobs[0];
      return [line?.outcome, line?.lastAt && Date.parse(line.lastAt) / 1000, line?.error];
    };
    expect(told(check(100), rest(101, 'done'))).toEqual(['done', 101, null]);
    expect(told(rest(101, 'failed'), check(100))).toEqual(['failed', 101, 'no']);
    expect(told(check(160), rest(101, 'failed'))).toEqual(['failed', 101, 'no']);
    expect(told(check(220), rest(101, 'failed'))).toEqual(['done', 220, null]);
    expect(told(check(160, null), rest(101, 'failed'))).toEqual(['done', 160, null]);
    const another = (lastAt: number) => ({ ...rest(lastAt, 'done'), kind: 'CHECK_STATIC_NEW' });
    expect(told(check(100), rest(101, 'failed'), another(110))).toEqual(['failed', 101, 'no']);
    expect(told(check(100), rest(101, 'done'), another(110))).toEqual(['done', 110, null]);
    expect(standings([check(100), rest(101, 'failed')])[0]?.jobs[0]?.nextAt).toBe(at(160));
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
