import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  api,
  barriers,
  complaints,
  DESKTOP,
  overflow,
  PHONE,
  screenshot,
  signedIn,
  visit,
  visitOutside,
} from '../browser';
import { launch } from '../chromium';

interface Found {
  items: { id: string }[];
}

interface Fixed {
  items: { id: string; routerId: string; wrongMac: string | null }[];
}

let browser: Browser;
const ids: Record<string, string> = {};

const PAGES: [name: string, path: () => string][] = [
  ['overview', () => ''],
  ['services', () => '/services'],
  ['services-offline', () => '/services?status=offline'],
  ['services-add', () => '/services?form=new'],
  ['services-import', () => '/services?form=import'],
  ['services-static', () => '/services?kind=static'],
  ['services-dhcp', () => '/services?kind=dhcp'],
  ['service', () => `/services/${ids.services}`],
  ['service-static', () => `/services/${ids.fixed}`],
  ['service-dhcp', () => `/services/${ids.leased}`],
  ['customers', () => '/customers'],
  ['customer', () => `/customers/${ids.customers}`],
  ['plans', () => '/plans'],
  ['sessions', () => '/sessions'],
  ['routers', () => '/routers'],
  ['router', () => `/routers/${ids.routers}`],
  ['router-events', () => `/routers/${ids.routers}?tab=events`],
  ['router-import', () => `/routers/${ids.routers}?tab=import`],
  ['router-proposals', () => `/routers/${ids.hill}?tab=proposals`],
  ['router-unknown', () => `/routers/${ids.routers}?tab=unknown`],
  ['devices', () => '/devices'],
  ['devices-add', () => '/devices?form=new'],
  ['device', () => `/devices/${ids.devices}`],
  ['jobs', () => '/jobs'],
  ['jobs-running', () => '/jobs?tab=running'],
  ['jobs-waiting', () => '/jobs?tab=waiting'],
  ['jobs-failed', () => '/jobs?tab=failed'],
  ['wizard', () => '/routers/add'],
  ['settings', () => '/settings/general'],
  ['people', () => '/settings/members'],
  ['api-keys', () => '/settings/api-keys'],
  ['snmp', () => '/settings/snmp'],
  ['snmp-add', () => '/settings/snmp?form=new'],
  ['audit', () => '/settings/audit'],
  ['appearance', () => '/settings/appearance'],
];

beforeAll(async () => {
  browser = await launch();
  const context = await signedIn(browser);
  const page = await context.newPage();
  await visit(page, '');
  for (const kind of ['services', 'customers', 'routers']) {
    ids[kind] = (await api<Found>(page, 'GET', `/${kind}?limit=1`)).items[0]?.id ?? '';
  }
  const fixed = (await api<Fixed>(page, 'GET', '/services?kind=static&limit=1000')).items;
  const odd = fixed.find(({ wrongMac }) => wrongMac) ?? fixed[0];
  ids.fixed = odd?.id ?? '';
  ids.hill = odd?.routerId ?? '';
  ids.devices = await deviceAt(page, odd?.routerId);
  ids.leased = (await api<Found>(page, 'GET', '/services?kind=dhcp&limit=1')).items[0]?.id ?? '';
  await context.close();
});

afterAll(() => browser?.close());

/** Some device; one that nobody answers as, where there is none yet. */
async function deviceAt(page: Page, routerId: string | undefined): Promise<string> {
  const [device] = (await api<Found>(page, 'GET', '/devices?limit=1')).items;
  if (device) return device.id;
  const body = { address: '198.18.77.1', name: 'Barn roof', routerId };
  return (await api<{ id: string }>(page, 'POST', '/devices', body)).id;
}

for (const [label, options] of [
  ['1280', { viewport: DESKTOP }],
  ['390', { viewport: PHONE, hasTouch: true, isMobile: true }],
  ['1280-dark', { viewport: DESKTOP, colorScheme: 'dark' }],
] as const) {
  describe(`at ${label}`, () => {
    let context: BrowserContext;
    let page: Page;

    beforeAll(async () => {
      context = await signedIn(browser, options);
      page = await context.newPage();
    });
    afterAll(() => context.close());

    it.each(PAGES)('%s is whole, fits, complains of nothing and keeps nobody out', async (name, path) => {
      const said = complaints(page);
      await visit(page, path());
      await page.waitForTimeout(400); // Transitions: a colour half faded in is no contrast.
      await screenshot(page, `${name}-${label}`);
      expect(await overflow(page)).toBe(0);
      expect(await barriers(page)).toEqual([]);
      expect(said).toEqual([]);
    });
  });
}

it.each([
  ['1280', { viewport: DESKTOP }],
  ['390', { viewport: PHONE, hasTouch: true, isMobile: true }],
] as const)('the list of providers is whole at %s, and so are its forms', async (label, options) => {
  const context = await signedIn(browser, options);
  const page = await context.newPage();
  const said = complaints(page);
  const check = async (name: string) => {
    await page.waitForTimeout(400);
    await screenshot(page, `${name}-${label}`);
    expect(await overflow(page)).toBe(0);
    expect(await barriers(page)).toEqual([]);
  };
  await visitOutside(page, '/providers');
  await check('providers');
  await visitOutside(page, '/providers?form=new');
  await check('providers-add');
  await visitOutside(page, '/providers');
  await page.getByRole('button', { name: 'Delete' }).first().click();
  await page.getByRole('dialog').waitFor();
  await check('providers-delete');
  await visit(page, `/customers/${ids.customers}`);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Erase history…' }).click();
  await page.getByRole('dialog').waitFor();
  await check('customer-erase');
  await visit(page, `/routers/${ids.routers}?form=edit`);
  await page.getByRole('switch', { name: 'Old login (RouterOS before 6.43)' }).click();
  await page.getByText('The password is sent in plain').waitFor();
  await check('router-old-login');
  expect(said).toEqual([]);
  await context.close();
});

it('the sign-in page is whole, and says what went wrong', async () => {
  const context = await browser.newContext({
    viewport: DESKTOP,
    baseURL: new URL(process.env.IMSYS_URL ?? '').origin,
  });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill('nobody@example.net');
  await page.getByLabel('Password').first().fill('wrong-wrong-wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await screenshot(page, 'sign-in-1280');
  expect(await barriers(page)).toEqual([]);
  await context.close();
});
