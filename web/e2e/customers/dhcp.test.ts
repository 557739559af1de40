import { describe, expect, it } from 'vitest';
import { api, barriers, overflow, PHONE, page, pageForEach, screenshot, settled, visit } from '../browser';

interface Services {
  items: {
    id: string;
    kind: string;
    address: string | null;
    mac: string;
    status: string;
    routerId: string;
    routerName: string;
  }[];
  total: number;
}

pageForEach('/services?kind=dhcp');

const byDhcp = async () => (await api<Services>(page, 'GET', '/services?kind=dhcp&limit=1000')).items;

/** A device that holds a lease and is online. */
async function leased(): Promise<Services['items'][number]> {
  const there = async () =>
    (await byDhcp()).find(({ status, address }) => status === 'online' && address !== null);
  await expect.poll(there, { timeout: 60_000 }).toBeTruthy();
  const found = await there();
  if (!found) throw new Error('it has gone offline meanwhile');
  return found;
}

async function putAway(mac: string): Promise<void> {
  for (const service of (await byDhcp()).filter((one) => one.mac === mac))
    await api(page, 'DELETE', `/services/${service.id}`);
}

describe('a service by DHCP', () => {
  it('is called by its MAC address, and shows what its lease tells', async () => {
    const { id, mac, address } = await leased();
    await page.reload();
    await settled(page);
    await page.getByRole('link', { name: mac, exact: true }).waitFor();
    await page
      .getByText(address ?? '', { exact: true })
      .first()
      .waitFor();
    await visit(page, `/services/${id}`);
    await page.getByRole('heading', { level: 1, name: mac }).waitFor();
    await page.getByText('Leased address').waitFor();
    await page.getByRole('button', { name: 'Live check' }).click();
    await page.getByText(/the DHCP server gave [0-9.]+ to this device/).waitFor();
    for (const [name, size] of [
      ['service-dhcp-1280', { width: 1280, height: 800 }],
      ['service-dhcp-390', PHONE],
    ] as const) {
      await page.setViewportSize(size);
      expect(await overflow(page)).toBe(0);
      await screenshot(page, name);
    }
    expect(await barriers(page)).toEqual([]);
  });

  it('is added by a MAC address alone, once on a router', async () => {
    const mac = '02:00:5E:00:53:77';
    await page.getByRole('button', { name: 'Add service' }).click();
    const form = page.getByRole('dialog');
    await form.getByText('DHCP', { exact: true }).click();
    await form.getByRole('combobox', { name: 'Router' }).click();
    await page.getByRole('option').first().click();
    await form.getByLabel('MAC address').fill('02:00');
    await form.getByRole('button', { name: 'Add', exact: true }).click();
    await form.getByText(/six pairs/).waitFor();
    expect(await barriers(page)).toEqual([]);
    await screenshot(page, 'services-add-dhcp-1280');
    await form.getByLabel('MAC address').fill(mac.toLowerCase().replaceAll(':', '-'));
    await form.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: mac }).waitFor();
    await putAway(mac);
  });
});

describe('a device whose lease is dynamic', () => {
  it('is added from what the router shows by its MAC address', async () => {
    const routerId = (await byDhcp())[0]?.routerId ?? '';
    await visit(page, `/routers/${routerId}?tab=proposals`);
    const list = page.getByRole('list', { name: 'Proposals' });
    const row = list.getByRole('listitem').filter({ hasText: 'added as DHCP' }).first();
    const again = page.getByRole('button', { name: 'Read again' });
    await list.waitFor();
    // Its device may be off just now, so that the router does not show it.
    for (let look = 0; look < 40 && (await row.count()) === 0; look += 1) {
      await again.click();
      await page.waitForTimeout(1500);
    }
    const mac = /([0-9A-F]{2}:){5}[0-9A-F]{2}/.exec((await row.textContent()) ?? '')?.[0] ?? '';
    await row.getByRole('checkbox').check();
    await row.getByRole('textbox').fill('Proposed device');
    await screenshot(page, 'router-proposals-dhcp-1280');
    await page.getByRole('button', { name: 'Add 1 service' }).click();
    await page.getByText('1 service added').waitFor();
    await list.getByText(mac).waitFor({ state: 'detached' });
    expect((await byDhcp()).some((service) => service.mac === mac)).toBe(true);
    await putAway(mac);
  });
});
