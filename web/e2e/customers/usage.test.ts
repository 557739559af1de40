import { beforeAll, describe, expect, it } from 'vitest';
import {
  api,
  barriers,
  browser,
  DESKTOP,
  overflow,
  PHONE,
  page,
  pageForEach,
  screenshot,
  signedIn,
  visit,
} from '../browser';

interface Line {
  id: string;
  address: string;
  customerId: string;
  routerId: string;
}

interface Usage {
  days: unknown[];
}

const COUNTED_MS = 50_000;
const NAMED = { name: 'Uma Quiet' };

/** A customer with a fixed address, whose queue is counted. */
let line: Line;

pageForEach('/services');

beforeAll(async () => {
  const here = await (await signedIn(browser)).newPage();
  await visit(here, '/services');
  const lines = await api<{ items: Line[] }>(here, 'GET', '/services?kind=static&status=online&limit=50');
  const found = lines.items.find(({ customerId }) => customerId);
  if (!found) throw new Error('the town has a customer with a fixed address who is online');
  line = found;
  await here.close();
});

/** The clock asks every five minutes; here the counters are read at once, until both readings are there. */
const counted = () =>
  expect
    .poll(
      async () => {
        const { days } = await api<Usage>(page, 'GET', `/services/${line.id}/usage`);
        if (days.length === 0) {
          await api(page, 'POST', `/routers/${line.routerId}/run`, { kind: 'READ_USAGE' });
        }
        return days.length;
      },
      { timeout: COUNTED_MS, interval: 2000 },
    )
    .toBeGreaterThan(0);

describe('usage', () => {
  it('of a service is shown in all, by day and over time, in words too', async () => {
    await counted();
    await visit(page, `/services/${line.id}`);
    await page.getByRole('heading', { name: 'Usage' }).waitFor();
    await page.getByText(/days, [\d.]+ .?B down, [\d.]+ .?B up\. Days are UTC/).waitFor();
    await page.getByText(/Counted by the simple queue for its address, read .*lower bound/).waitFor();
    await page
      .getByRole('img', { name: /^Rate down\. On average [\d.]+ .bit\/s, at most/ })
      .locator('canvas')
      .waitFor();
    // The latest day by the keyboard.
    const days = page.getByRole('slider', { name: 'Usage by day' });
    await days.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('End');
    expect(await days.getAttribute('aria-valuetext')).toMatch(/: [\d.]+ .?B down, [\d.]+ .?B up$/);
    await screenshot(page, 'service-usage-1280');
    expect(await barriers(page)).toEqual([]);
    await page.setViewportSize(PHONE);
    expect(await overflow(page)).toBe(0);
    await page.getByRole('heading', { name: 'Usage' }).scrollIntoViewIfNeeded();
    await screenshot(page, 'service-usage-390');
    await page.setViewportSize(DESKTOP);
  });

  it('follows the range of the page, and its days come as a file', async () => {
    await counted();
    await visit(page, `/services/${line.id}`);
    await page.getByRole('radiogroup', { name: 'Range' }).getByText('30 d').click();
    await page.waitForURL(/range=30d/);
    await page.getByText(/^31 days, /).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV of the days' }).click(),
    ]);
    let content = '';
    for await (const part of await download.createReadStream()) content += part;
    expect(content).toMatch(/^day \(UTC\),down \(bytes\),up \(bytes\)\n\d{4}-\d\d-\d\d,\d+,\d+\n/);
    await page.goBack();
    await page.waitForURL((url) => !url.search.includes('range='));
    await page.getByText(/^2 days, /).waitFor();
  });

  it('of a customer is a line for each service, which leads to it', async () => {
    await counted();
    await visit(page, `/customers/${line.customerId}`);
    await page
      .getByRole('img', { name: /^Usage of .* by day: [\d.]+ .?B down/ })
      .first()
      .waitFor();
    expect(await barriers(page)).toEqual([]);
    await screenshot(page, 'customer-usage-1280');
    await page.locator('section').filter({ hasText: 'last 30 days' }).getByRole('link').first().click();
    await page.waitForURL(/\/services\/.*range=30d/);
  });

  it('of a service that is new says when it comes', async () => {
    const customer = await api<{ id: string }>(page, 'POST', '/customers', NAMED);
    const service = {
      kind: 'static',
      address: '198.51.100.77',
      routerId: line.routerId,
      customerId: customer.id,
    };
    const { id } = await api<{ id: string }>(page, 'POST', '/services', service);
    await visit(page, `/services/${id}`);
    await page.getByText(/read every five minutes/).waitFor();
    await visit(page, `/customers/${customer.id}`);
    await page.getByText(/nothing count(ed yet|s it on the router)/).waitFor();
    await api(page, 'DELETE', `/services/${id}`);
    await api(page, 'DELETE', `/customers/${customer.id}`);
  });
});
