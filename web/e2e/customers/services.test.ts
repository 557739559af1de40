import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { api, barriers, page, pageForEach, screenshot, settled, visit } from '../browser';

interface Services {
  items: { id: string; username: string | null; status: string }[];
  total: number;
}

pageForEach('/services');

const search = () => page.getByRole('combobox').first();
const rows = () => page.locator('tbody tr:not([aria-hidden])');

describe('the list of services', () => {
  it('finds a service by its name and opens it', async () => {
    const { items } = await api<Services>(page, 'GET', '/services?kind=pppoe&limit=40&sort=username');
    const name = items.at(-1)?.username ?? '';
    await search().fill(name);
    await page.getByRole('link', { name, exact: true }).first().click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await page.getByText('Diagnosis').waitFor();
  });

  it('keeps a typed filter in the address, through a reload', async () => {
    await search().fill('status:off');
    await page.keyboard.press('Enter');
    await page.waitForURL(/status=offline/);
    await page.reload();
    await settled(page);
    await page.getByRole('button', { name: 'Remove filter status' }).waitFor();
    // One who comes online meanwhile is shown as such, and leaves the list a few seconds later.
    const others = () =>
      rows()
        .locator('td:nth-child(3)')
        .filter({ hasNotText: /Offline|Suspended/ })
        .count();
    await expect.poll(others, { timeout: 20_000 }).toBe(0);
    await page.getByRole('button', { name: 'Remove filter status' }).click();
    await page.waitForURL((url) => !url.search.includes('status'));
  });

  it('sorts on the server', async () => {
    await page.getByRole('button', { name: 'Service', exact: true }).click();
    await page.waitForURL(/sort=username/);
    await page.getByRole('button', { name: 'Service', exact: true }).click();
    await page.waitForURL(/sort=-username/);
    await settled(page);
    const { items } = await api<Services>(page, 'GET', '/services?sort=-username&limit=1');
    await page
      .getByRole('link', { name: items[0]?.username ?? '', exact: true })
      .first()
      .waitFor();
  });

  it('fetches more as one scrolls, and keeps few rows in the page', async () => {
    const { total } = await api<Services>(page, 'GET', '/services?limit=1');
    const asked: string[] = [];
    page.on('request', (request) => request.url().includes('cursor=') && asked.push(request.url()));
    for (let step = 0; step < 12; step += 1) {
      await page.mouse.wheel(0, 2000);
      await page.waitForTimeout(60);
    }
    expect(asked.length).toBeGreaterThan(total > 100 ? 0 : -1);
    expect(await rows().count()).toBeLessThan(80);
  });

  it('comes as a file, filtered as it is shown', async () => {
    await visit(page, '/services?status=online');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ]);
    const text = readFileSync(await download.path(), 'utf8');
    const { total } = await api<Services>(page, 'GET', '/services?status=online&limit=1');
    const lines = text.trim().split('\n').length - 1;
    expect(Math.abs(lines - total)).toBeLessThan(total * 0.05 + 5);
    expect(text).not.toContain(',offline,');
  });

  it('takes a new service, archives it and brings it back', async () => {
    const name = `e2e-${Date.now()}`;
    await page.getByRole('button', { name: 'Add service' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('User name').fill(name);
    await form.getByRole('combobox', { name: 'Router' }).click();
    await page.getByRole('option').first().click();
    await form.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await page.getByRole('button', { name: 'Archive' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Archive' }).click();
    await page.getByText('Archived since').waitFor();
    expect(await page.getByRole('button', { name: 'Edit' }).count()).toBe(0);
    expect(await page.getByText('Diagnosis').count()).toBe(0);
    expect(await barriers(page)).toEqual([]);
    await screenshot(page, 'service-archived-1280');
    await visit(page, '/services');
    await search().fill(name);
    await page.getByText('No service matches').waitFor();
    await page.keyboard.press('Control+K');
    await page.getByPlaceholder(/Customer, service, router/).fill(name);
    const found = page.getByRole('dialog').getByRole('button', { name });
    await found.getByText('Archived').waitFor();
    await found.click();
    await page.getByRole('button', { name: 'Restore' }).click();
    await page.getByText(`${name} restored`).waitFor();
    await page.getByRole('button', { name: 'Edit' }).waitFor();
    const { pathname } = new URL(page.url());
    await api(page, 'DELETE', `/services/${pathname.split('/').at(-1)}`);
  });
});
