import { expect, it } from 'vitest';
import { described, STEPS } from './-steps';

const done = (router?: Parameters<typeof described>[1]) =>
  STEPS.filter((step) => described(step, router).done !== null);

it('takes a step for done when the router shows it, in whatever order that happened', () => {
  const added = { state: 'down', services: { total: 0 }, hooks: { lastWebhookAt: null } } as const;
  expect(done()).toEqual([]);
  expect(done(added)).toEqual(['router']);
  expect(done({ ...added, hooks: { lastWebhookAt: '2026-01-01T00:00:00Z' } })).toEqual(['router', 'events']);
  expect(done({ ...added, state: 'up', services: { total: 3 } })).toEqual(['router', 'test', 'import']);
});
