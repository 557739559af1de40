import { describe, expect, it } from 'vitest';
import type { Run } from '../../../../api/types';
import { headline, standings } from './-standings';

const run = (routerId: string, kind: string, more: Partial<Run> = {}): Run => ({
  routerId,
  routerName: routerId,
  routerState: 'up',
  kind,
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
