import { describe, expect, it } from 'vitest';
import { api, page, pageForEach, settled, visit } from '../browser';

interface Routers {
  items: { id: string; name: string; away: { month: { times: number; seconds: number } } }[];
}

pageForEach('');

const slider = () => page.getByRole('slider', { name: 'Time in the graph of services online' });

describe('the trend on the overview', () => {
  it('says in words what it shows, and of each moment what was counted', async () => {
    await page.getByText(/^Lowest \d+ \(.+\), highest \d+ \(.+\)\./).waitFor();
    await slider().focus();
    await page.keyboard.press('Home');
    const said = () => slider().getAttribute('aria-valuetext');
    const first = await said();
    expect(first).toMatch(/: (\d+ online,.* \d+ offline, \d+ unknown|not counted)$/);
    await page.keyboard.press('ArrowRight');
    expect(await said()).not.toBe(first);
    await page.getByText((await said()) ?? '', { exact: true }).waitFor();
  });

  it('follows the pointer', async () => {
    const box = await slider().boundingBox();
    if (!box) throw new Error('the graph is not on the page');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.getByText(/: \d+ online,/).waitFor();
    await page.mouse.move(0, 0);
    await page.getByText(/^Lowest/).waitFor();
  });

  it('shows the month, and keeps that in the address', async () => {
    await page.getByText('30 days', { exact: true }).click();
    await page.waitForURL(/trend=month/);
    await page.reload();
    await settled(page);
    await slider().focus();
    expect(await slider().getAttribute('max')).toMatch(/^(719|720)$/);
    await page.keyboard.press('PageDown');
    await page.getByText(/: \d+ online,/).waitFor();
  });
});

describe('how often a router was away', () => {
  it('stands in the list, which sorts by it, and on the page with times and reasons', async () => {
    await visit(page, '/routers');
    await page.getByRole('button', { name: 'Away in 30 days' }).click();
    await page.waitForURL(/sort=-away/);
    const { items } = await api<Routers>(page, 'GET', '/routers?limit=1000');
    const worst = items.toSorted((a, b) => b.away.month.seconds - a.away.month.seconds)[0];
    const first = page.locator('tbody tr:not([aria-hidden])').first();
    await first.getByRole('link', { name: worst?.name ?? '' }).waitFor();
    await first.getByText(/^\d+ times?, \d+/).waitFor();
    await first.getByRole('link').first().click();
    const times = page.getByRole('region', { name: 'Times away' });
    await times
      .getByText(/the router (stopped answering|closed the connection)/)
      .first()
      .waitFor();
  });
});
