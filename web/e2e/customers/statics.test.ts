import { describe, expect, it } from 'vitest';
import { api, barriers, overflow, PHONE, page, pageForEach, screenshot, visit } from '../browser';

interface Services {
  items: {
    id: string;
    address: string | null;
    routerId: string;
    routerName: string;
    wrongMac: string | null;
  }[];
  total: number;
}

pageForEach('/services');

const statics = () => api<Services>(page, 'GET', '/services?kind=static&limit=1000');

async function putAway(addresses: string[]): Promise<void> {
  for (const { id, address } of (await statics()).items) {
    if (address && addresses.includes(address)) await api(page, 'DELETE', `/services/${id}`);
  }
}

describe('services from a file', () => {
  it('are tried row by row, and come in together when every row is right', async () => {
    const known = (await statics()).items[0];
    const router = known?.routerName ?? '';
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    const form = page.getByRole('dialog');
    const rows = form.getByLabel('Rows', { exact: true });
    const sheet = (address: string) =>
      `address,router,customer\n10.250.0.1,${router},Sheet one\n${address},${router},Sheet two\n`;
    await rows.fill(sheet(known?.address ?? ''));
    await form.getByText('1 to fix').waitFor();
    await form.getByText(`The address ${known?.address} is already registered on`).waitFor();
    expect(await barriers(page)).toEqual([]);
    await screenshot(page, 'services-import-bad-1280');
    await page.setViewportSize(PHONE);
    expect(await overflow(page)).toBe(0);
    await screenshot(page, 'services-import-bad-390');
    await page.setViewportSize({ width: 1280, height: 800 });
    const go = form.getByRole('button', { name: /^Import/ });
    expect(await go.getAttribute('aria-disabled')).toBe('true');
    await rows.fill(sheet('10.250.0.2'));
    await form.getByRole('button', { name: 'Import 2 services' }).click();
    await page.getByText('2 services added').waitFor();
    const added = ['10.250.0.1', '10.250.0.2'];
    const { items } = await statics();
    expect(items.filter(({ address }) => added.includes(address ?? '')).length).toBe(2);
    await putAway(added);
  });
});

describe('what a router shows', () => {
  it('becomes services by a tick and a name', async () => {
    const routerId = (await statics()).items[0]?.routerId ?? '';
    await visit(page, `/routers/${routerId}?tab=proposals`);
    const list = page.getByRole('list', { name: 'Proposals' });
    const first = list.getByRole('listitem').filter({ hasNotText: 'added as DHCP' }).first();
    await first.waitFor();
    const address = (await first.locator('strong').textContent()) ?? '';
    await first.getByRole('checkbox').check();
    await first.getByRole('textbox').fill('Proposed customer');
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Add 1 service' }).click();
    await page.getByText('1 service added').waitFor();
    await list.getByText(address, { exact: true }).waitFor({ state: 'detached' });
    expect((await statics()).items.some((item) => item.address === address)).toBe(true);
    await putAway([address]);
  });
});

describe('another device at an address', () => {
  it('is told in the list and on the page of the service', async () => {
    await expect
      .poll(async () => (await statics()).items.some(({ wrongMac }) => wrongMac), { timeout: 60_000 })
      .toBe(true);
    await visit(page, '/services?kind=static');
    await page.getByText('Wrong MAC').first().waitFor();
    const odd = (await statics()).items.find(({ wrongMac }) => wrongMac);
    await visit(page, `/services/${odd?.id}`);
    await page.getByText('Wrong MAC: another device is at this address').waitFor();
    await page.getByText('Evidence').waitFor();
    await page.getByRole('button', { name: 'Register this device' }).waitFor();
  });
});
