import { describe, expect, it } from 'vitest';
import type { Job, Run } from '../../src/api/types';
import { api, page, pageForEach, visit } from '../browser';

interface Runs {
  items: { routerId: string; routerName: string; routerState: string; kind: string; lastAt: string | null }[];
}

pageForEach('/jobs');

const runs = async () => (await api<Runs>(page, 'GET', '/jobs/runs')).items;
const line = (name: string) => page.getByRole('row').filter({ hasText: name });

/** A router that answers just now. */
async function upRouter(): Promise<Runs['items'][number]> {
  const up = (await runs()).find(({ routerState }) => routerState === 'up');
  if (!up) throw new Error('no router of the town is up');
  return up;
}

describe('the jobs', () => {
  it('has a line for each router, found by way of the navigation', async () => {
    await visit(page, '');
    await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Jobs' }).click();
    await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor();
    const names = new Set((await runs()).map(({ routerName }) => routerName));
    for (const name of names)
      await line(name).getByText('Check static and DHCP customers').waitFor({ state: 'attached' });
  });

  it('runs one now, and shows when it ran without a reload', async () => {
    const { routerId, routerName } = await upRouter();
    const before = (await runs()).find(
      (run) => run.routerId === routerId && run.kind === 'CHECK_STATIC_USERS',
    );
    await page
      .getByRole('button', { name: `Run now: Check static and DHCP customers of ${routerName}` })
      .click();
    await page.getByText(`${routerName} is being asked now`).waitFor();
    const ran = async () =>
      (await runs()).find((run) => run.routerId === routerId && run.kind === 'CHECK_STATIC_USERS')?.lastAt;
    await expect.poll(ran, { timeout: 60_000 }).not.toBe(before?.lastAt);
    await line(routerName)
      .getByText(/just now|^\d+ s ago/)
      .first()
      .waitFor();
  });

  it('asks all routers at once, and says how many those are', async () => {
    const checks = async () => (await runs()).filter(({ kind }) => kind === 'CHECK_STATIC_USERS');
    const before = (await checks()).filter(({ routerState }) => routerState === 'up');
    await page.getByRole('button', { name: 'Check all static and DHCP customers' }).click();
    await page.getByText(/^\d+ routers? (is|are) being asked now$/).waitFor();
    const later = async () => {
      const now = await checks();
      return before.filter((old) =>
        now.some((run) => run.routerId === old.routerId && run.lastAt !== old.lastAt),
      );
    };
    await expect.poll(async () => (await later()).length, { timeout: 60_000 }).toBeGreaterThan(0);
  });

  it('pauses a router after saying what that means, and lets it go on', async () => {
    const { routerId, routerName } = await upRouter();
    await page.getByRole('button', { name: `Pause the jobs of ${routerName}` }).click();
    const question = page.getByRole('dialog');
    await question.getByText('keep the status that they have now').waitFor();
    await question.getByRole('button', { name: 'Pause', exact: true }).click();
    await line(routerName).getByText('Paused', { exact: true }).waitFor();
    expect(await api(page, 'GET', `/routers/${routerId}`)).toMatchObject({ paused: true });
    await page.getByRole('button', { name: `Resume the jobs of ${routerName}` }).click();
    await page.getByRole('button', { name: `Pause the jobs of ${routerName}` }).waitFor();
    expect(await api(page, 'GET', `/routers/${routerId}`)).toMatchObject({ paused: false });
  });

  it('keeps the part in the address, and says what an empty one means', async () => {
    await page.getByRole('button', { name: 'Failed', exact: false }).click();
    await page.waitForURL(/tab=failed/);
    await page.getByText('No job has been given up').waitFor();
    await page.reload();
    await page.getByText('No job has been given up').waitFor();
  });

  it('says how the jobs went that are done for the provider, and when they are next', async () => {
    const own = page.getByRole('listitem').filter({ hasText: 'Drop old history' });
    await own.getByText(/^next in/).waitFor();
  });

  it('has a column for a kind that it was not told of, and runs that by its name', async () => {
    await page.route('**/api/v1/jobs/runs', async (route) => {
      const answer = await (await route.fetch()).json();
      const kind = { kind: 'READ_QUEUES', label: 'Read the queues', partOf: null, lastAt: null };
      const items = answer.items.flatMap((run: Run) =>
        run.kind === 'SWEEP_PPP' ? [run, { ...run, ...kind }] : [run],
      );
      await route.fulfill({ json: { ...answer, items } });
    });
    const asked = page.waitForRequest((request) => request.url().endsWith('/run'));
    await page.route('**/api/v1/routers/*/run', (route) =>
      route.fulfill({ status: 202, json: { requestId: '0198' } }),
    );
    await page.reload();
    await page.getByRole('columnheader', { name: 'Read the queues' }).waitFor();
    await page
      .getByRole('button', { name: /^Run now: Read the queues of/ })
      .first()
      .click();
    expect((await asked).postDataJSON()).toEqual({ kind: 'READ_QUEUES' });
  });

  it('is a place of the palette', async () => {
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder(/Customer, service, router/).fill('jobs that failed');
    await page.keyboard.press('Enter');
    await page.waitForURL(/jobs\?tab=failed/);
  });
});

describe('a job that was given up', () => {
  it('says why, and is retried by its button', async () => {
    // No job of the town fails three times, so the list that the page gets is written here.
    const failed: Job = {
      id: '7',
      name: 'CHECK_STATIC_USERS',
      label: 'Check static and DHCP customers',
      routerId: null,
      routerName: null,
      state: 'failed',
      attempts: 3,
      priority: 'clock',
      addedAt: new Date().toISOString(),
      dueAt: null,
      startedAt: null,
      endedAt: new Date().toISOString(),
      error: ['store failure: the disk is full', 'No space left on device'],
      unreadable: [],
    };
    await page.route('**/api/v1/jobs?state=failed*', (route) =>
      route.fulfill({ json: { items: [failed], next: null, total: 1 } }),
    );
    const retried = page.waitForRequest((request) => request.url().endsWith('/api/v1/jobs/7/retry'));
    await page.route('**/api/v1/jobs/7/retry', (route) =>
      route.fulfill({ status: 202, json: { requestId: '0198' } }),
    );
    await visit(page, '/jobs?tab=failed');
    const row = line('Check static and DHCP customers');
    await row.getByText('the disk is full').waitFor();
    await row.getByText('because: No space left on device').waitFor();
    await row.getByRole('button', { name: 'Retry' }).click();
    expect((await retried).method()).toBe('POST');
    await page.getByText('The job runs again').waitFor();
  });
});
