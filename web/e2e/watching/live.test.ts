import { describe, expect, it } from 'vitest';
import { api, page, pageForAll, visit } from '../browser';

pageForAll();

const CHANGE_MS = 50_000;

describe('the live stream', () => {
  it('says that it is live, and shows what changed without a reload', async () => {
    await visit(page, '');
    await page.getByRole('button', { name: 'Live', exact: true }).waitFor();
    const feed = page.locator('section', { hasText: 'What changed just now' });
    const before = await feed.locator('li').first().locator('time').getAttribute('datetime');
    await page.waitForFunction(
      (old) => {
        const newest = document.querySelector('section li time')?.getAttribute('datetime');
        return newest !== null && newest !== old;
      },
      before,
      { timeout: CHANGE_MS },
    );
    const after = await feed.locator('li').first().locator('time').getAttribute('datetime');
    expect(Date.parse(after ?? '')).toBeGreaterThan(Date.parse(before ?? '') || 0);
  });

  it('keeps the counts true that somebody else changes', async () => {
    await visit(page, '/services');
    const suspended = page.getByRole('button', { name: /^Suspended/ });
    const shown = async () => Number((await suspended.textContent())?.replace(/\D/g, '') ?? Number.NaN);
    await page.waitForFunction(() => /\d/.test(document.querySelector('[aria-pressed]')?.textContent ?? ''));
    const before = await shown();
    const [service] = (
      await api<{ items: { id: string }[] }>(page, 'GET', '/services?suspended=false&limit=1')
    ).items;
    const set = (value: boolean) => api(page, 'PATCH', `/services/${service?.id}`, { suspended: value });
    await set(true);
    const counts = (number: number) => suspended.filter({ hasText: new RegExp(`\\D${number}$`) }).waitFor();
    await counts(before + 1);
    await set(false);
    await counts(before);
  });

  it('is one stream for all tabs of a browser', async () => {
    const streams: string[] = [];
    const context = page.context();
    context.on('request', (request) => request.url().includes('/live') && streams.push(request.url()));
    const second = await context.newPage();
    await visit(second, '/routers');
    await second.getByRole('button', { name: 'Live', exact: true }).waitFor();
    expect(streams).toEqual([]);
    await second.close();
  });
});
