import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
  settled,
  signedIn,
  visit,
} from '../browser';

interface Device {
  id: string;
  name: string;
  address: string;
  status: string;
  archived: boolean;
}

interface Line {
  address: string;
  routerId: string;
  routerName: string;
}

/** Nobody in the town has this address. */
const NOBODY = '198.18.77.7';
const mark = `dev-${Date.now()}`;
const ANSWER_MS = 30_000;

/** A customer with a fixed address, whose radio answers its router's pings. */
let line: Line;
const made = new Set<string>();

pageForEach('/devices');

beforeAll(async () => {
  const here = await (await signedIn(browser)).newPage();
  await visit(here, '/devices');
  const lines = await api<{ items: Line[] }>(here, 'GET', '/services?kind=static&status=online&limit=100');
  const known = await api<{ items: Device[] }>(here, 'GET', '/devices?limit=1000');
  const taken = new Set(known.items.map(({ address }) => address));
  const free = lines.items.find(({ address }) => !taken.has(address));
  if (!free) throw new Error('the town has a customer with a fixed address who is online');
  line = free;
  await here.close();
});

afterAll(async () => {
  const here = await (await signedIn(browser)).newPage();
  await visit(here, '/devices');
  for (const id of made) await api(here, 'DELETE', `/devices/${id}`).catch(() => undefined);
  await here.close();
});

async function add(address: string, name: string): Promise<Device> {
  const body = { address, name, routerId: line.routerId, watched: true };
  const device = await api<Device>(page, 'POST', '/devices', body);
  made.add(device.id);
  return device;
}

/** Waits until a device has this status, as the server sees it. */
const until = (id: string, status: string) =>
  expect
    .poll(async () => (await api<Device>(page, 'GET', `/devices/${id}`)).status, { timeout: ANSWER_MS })
    .toBe(status);

const row = (name: string) => page.getByRole('row').filter({ hasText: name });

describe('devices', () => {
  it('are added by pasting lines, and a bad one stays to be mended', async () => {
    await page.getByRole('button', { name: 'Add devices' }).first().click();
    const sheet = page.getByRole('dialog');
    const text = sheet.getByLabel('IP addresses');
    await text.fill(`${line.address} ${mark} radio\n${NOBODY}, ${mark} nobody\n192.168.1.300 ${mark} typo`);
    await sheet.getByText('2 to add, 1 to fix').waitFor();
    await sheet.getByText('Not an IP address').waitFor();
    await sheet.getByRole('combobox', { name: 'Behind router' }).click();
    await page.getByRole('option', { name: line.routerName, exact: true }).click();
    await page.waitForTimeout(400); // The list fades out.
    await screenshot(page, 'devices-add-lines-1280');
    expect(await barriers(page)).toEqual([]);
    await sheet.getByRole('button', { name: 'Add 2 devices' }).click();
    await sheet.getByText('2 devices added, 1 to fix').waitFor();
    expect(await text.inputValue()).toBe(`192.168.1.300 ${mark} typo`);

    // The same address again is refused by the server, in its words.
    await text.fill(`${NOBODY} ${mark} again`);
    await sheet.getByRole('button', { name: 'Add 1 device' }).click();
    await sheet
      .getByText(/Another device|already/i)
      .first()
      .waitFor();
    expect(await text.inputValue()).toBe(`${NOBODY} ${mark} again`);
    await screenshot(page, 'devices-add-refused-1280');
    await sheet.getByRole('button', { name: 'Done' }).click();

    await visit(page, `/devices?q=${mark}`);
    const { items } = await api<{ items: Device[] }>(page, 'GET', `/devices?q=${mark}`);
    for (const { id } of items) made.add(id);
    expect(items.map(({ name }) => name)).toEqual([`${mark} nobody`, `${mark} radio`]);
    // Live: the page is not loaded again.
    await row(`${mark} radio`).getByText('Up', { exact: true }).waitFor({ timeout: ANSWER_MS });
    await row(`${mark} nobody`).getByText('no answer').waitFor({ timeout: ANSWER_MS });
    await row(`${mark} radio`).getByRole('link', { name: line.routerName }).waitFor();
    await screenshot(page, 'devices-added-1280');
  });

  it('are found by status and router, which stand in the address', async () => {
    await page.getByRole('radiogroup', { name: 'Status of the devices' }).getByText('Down').click();
    await page.waitForURL(/status=down/);
    await row(`${mark} nobody`).waitFor();
    expect(await row(`${mark} radio`).count()).toBe(0);
    await visit(page, `/routers/${line.routerId}`);
    await page.getByRole('link', { name: /^\d+ behind it$/ }).click();
    await page.waitForURL(/\/devices\?router=/);
    await row(`${mark} radio`).waitFor();
    await page.getByRole('button', { name: 'For', exact: true }).click();
    await page.waitForURL(/sort=-since/);
    await page.reload();
    await settled(page);
    await row(`${mark} radio`).waitFor();
  });

  it('that are ticked are archived together, and come back', async () => {
    const [one, other] = [
      await add('198.18.77.8', `${mark} tick-a`),
      await add('198.18.77.9', `${mark} tick-b`),
    ];
    const isArchived = async ({ id }: Device) => (await api<Device>(page, 'GET', `/devices/${id}`)).archived;
    await visit(page, `/devices?q=${encodeURIComponent(`${mark} tick`)}`);
    await page.getByRole('checkbox', { name: `Select ${mark} tick-a` }).click();
    await page.getByRole('checkbox', { name: `Select ${mark} tick-b` }).click();
    const bar = page.getByRole('region', { name: 'Selected devices' });
    await bar.getByRole('button', { name: 'Archive' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Archive 2 devices' }).click();
    await page.getByText('2 devices archived').waitFor();
    expect(await Promise.all([one, other].map(isArchived))).toEqual([true, true]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('2 devices restored').waitFor();
    expect(await Promise.all([one, other].map(isArchived))).toEqual([false, false]);
  });
});

describe('the page of a device', () => {
  it('shows when it was down, and why', async () => {
    const device = await add('198.18.77.10', `${mark} silent`);
    await until(device.id, 'down');
    await visit(page, `/devices/${device.id}`);
    await page.getByText('it was asked and does not answer').first().waitFor();
    const outages = page.getByRole('region', { name: 'Outages' });
    await outages.getByText('still down').waitFor();
    await outages.getByText('no answer').waitFor();
    await page.getByText(/^1 outage in this time/).waitFor();
    await page.getByRole('img', { name: /^Up .* of the time in which it was watched/ }).waitFor();
    await screenshot(page, 'device-down-1280');
    expect(await barriers(page)).toEqual([]);
  });

  it('draws its latency, says it in words and as a table, and shows the part that is marked', async () => {
    const { items } = await api<{ items: Device[] }>(page, 'GET', '/devices?limit=1000');
    const { id } =
      items.find(({ address }) => address === line.address) ?? (await add(line.address, `${mark} radio`));
    await until(id, 'up');
    await visit(page, `/devices/${id}?range=1h`);
    const graph = page.getByRole('img', { name: /^Latency and loss\. Median [\d.]+ ms, lowest/ });
    await graph.locator('canvas').waitFor({ timeout: ANSWER_MS });
    expect(await barriers(page)).toEqual([]);
    await screenshot(page, 'device-1280');
    await page.getByText('As a table').click();
    const table = page.getByRole('region', { name: 'Latency and loss as a table' });
    await table
      .getByText(/^[\d.]+ ms$/)
      .first()
      .waitFor();

    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'CSV' }).click();
    const file = (await saved).createReadStream();
    let content = '';
    for await (const part of await file) content += part;
    expect(content).toMatch(/^time,ping:median.*\n\d{4}-\d\d-\d\dT[\d:.]+Z,[\d.]+/);

    const box = await graph.locator('.u-over').boundingBox();
    if (!box) throw new Error('the graph is on the page');
    await page.mouse.move(box.x + box.width * 0.5, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 4 });
    await page.mouse.move(box.x + box.width * 0.99, box.y + 60, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/from=.*to=/);
    await page.getByRole('button', { name: 'Back to now' }).click();
    await page.waitForURL((url) => !url.search.includes('from=') && url.search.includes('range=1h'));
    await page.setViewportSize(PHONE);
    expect(await overflow(page)).toBe(0);
    await screenshot(page, 'device-390');
    await page.setViewportSize(DESKTOP);
  });

  it('changes what it is called, and is archived and restored', async () => {
    const device = await add('198.18.77.11', `${mark} moves`);
    await visit(page, `/devices/${device.id}`);
    await page.getByRole('button', { name: 'Edit' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel('Name').fill(`${mark} moved`);
    await sheet.getByLabel('IP address').fill('roof');
    await sheet.getByRole('button', { name: 'Save' }).click();
    await sheet.getByText('An IP address, such as 192.168.1.20').waitFor();
    await sheet.getByLabel('IP address').fill('198.18.77.12');
    await sheet.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { level: 1, name: `${mark} moved` }).waitFor();
    await page.getByRole('button', { name: 'Copy 198.18.77.12' }).waitFor();

    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Archive device…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Archive' }).click();
    await page.waitForURL(/\/devices$/);
    await page.getByText(`${mark} moved archived`).waitFor();
    await visit(page, `/devices/${device.id}`);
    await page.getByText('not asked; its history is kept').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Restore' }).click();
    await page.getByRole('button', { name: 'Edit' }).waitFor();
  });
});
