import { afterAll, describe, expect, it } from 'vitest';
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

interface Login {
  id: string;
  name: string;
  version: string;
  port: number;
  networks: string[];
  routerIds: string[];
}

interface Routers {
  items: { id: string; name: string; routed: string[] }[];
}

const mark = `snmp-${Date.now()}`;
/** Documentation addresses: no device is there. */
const NETWORK = '198.51.100.0/24';
/** Another one in each run: an earlier one may have been cut off. */
const DEVICE = `198.51.100.${1 + (Date.now() % 250)}`;

pageForEach('/settings/snmp');

afterAll(async () => {
  const here = await (await signedIn(browser)).newPage();
  await visit(here, '/settings/snmp');
  for (const { id, name } of await api<Login[]>(here, 'GET', '/snmp-logins'))
    if (name.startsWith(mark)) await api(here, 'DELETE', `/snmp-logins/${id}`);
  const { items } = await api<{ items: { id: string }[] }>(here, 'GET', `/devices?q=${mark}`);
  for (const { id } of items) await api(here, 'DELETE', `/devices/${id}`);
  await here.close();
});

const row = (name: string) => page.getByRole('row').filter({ hasText: name });
const sheet = () => page.getByRole('dialog');
const stored = async (name: string) =>
  (await api<Login[]>(page, 'GET', '/snmp-logins')).find((login) => login.name === name);

async function choose(label: string, option: string): Promise<void> {
  await sheet().getByRole('combobox', { name: label }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

describe('SNMP logins', () => {
  it('are added with what they are bound to, and a refusal is said at its field', async () => {
    const [router] = (await api<Routers>(page, 'GET', '/routers?limit=1')).items;
    if (!router) throw new Error('the town has a router');
    await page.getByText('A login is sent only to monitored devices that it is bound to').waitFor();
    await page.getByRole('button', { name: 'Add login' }).click();
    await sheet().getByLabel('Name').fill(`${mark} radios`);
    await sheet().getByLabel('Community').fill('valley');
    await sheet().getByRole('button', { name: 'Add', exact: true }).click();
    await sheet().getByText('Say with which devices it is tried').waitFor();
    await sheet().getByLabel('Networks').fill(`${NETWORK}\n10.0.0.300/24`);
    await sheet().getByRole('button', { name: 'Add', exact: true }).click();
    await sheet().locator('[id$=-error]').first().waitFor();
    expect(await sheet().getByLabel('Networks').getAttribute('aria-invalid')).toBe('true');
    await screenshot(page, 'snmp-refused-1280');
    expect(await barriers(page)).toEqual([]);
    await sheet().getByLabel('Networks').fill(NETWORK);
    await choose('Routers', router.name);
    await page.keyboard.press('Escape');
    await sheet().getByRole('button', { name: 'Add', exact: true }).click();
    await row(`${mark} radios`).getByText(`in ${NETWORK}`).waitFor();
    await row(`${mark} radios`).getByRole('link', { name: router.name }).waitFor();
    expect(await stored(`${mark} radios`)).toMatchObject({
      version: '2c',
      port: 161,
      networks: [NETWORK],
      routerIds: [router.id],
    });
    await screenshot(page, 'snmp-list-1280');
    expect(await barriers(page)).toEqual([]);
    await page.setViewportSize(PHONE);
    expect(await overflow(page)).toBe(0);
    await screenshot(page, 'snmp-list-390');
    await page.setViewportSize(DESKTOP);
  });

  it('keep their secret when they are edited, unless their version changes; and are deleted', async () => {
    const name = `${mark} switches`;
    const snmp = { version: '2c', community: 'valley', port: 1161 };
    await api(page, 'POST', '/snmp-logins', { name, snmp, networks: [NETWORK] });
    await page.reload();
    await settled(page);
    const sent: unknown[] = [];
    page.on('request', (request) => {
      if (request.method() === 'PATCH') sent.push(request.postDataJSON());
    });
    await page.getByRole('button', { name: `Edit ${name}` }).click();
    expect(await sheet().getByLabel('Community').inputValue()).toBe('');
    await sheet().getByText('Leave empty to keep').waitFor();
    await sheet().getByLabel('Networks').fill('198.51.100.0/25');
    await sheet().getByRole('button', { name: 'Save' }).click();
    await row(name).getByText('in 198.51.100.0/25').waitFor();
    expect(sent).toEqual([{ name, networks: ['198.51.100.0/25'], routerIds: [] }]);

    await page.getByRole('button', { name: `Edit ${name}` }).click();
    await sheet().getByLabel('UDP port').fill('1162');
    await sheet().getByRole('button', { name: 'Save' }).click();
    await sheet().getByText('The community is needed, again').waitFor();
    await choose('SNMP version', '3');
    await sheet().getByLabel('User').fill('noc');
    await choose('Authentication', 'SHA-256');
    await sheet().getByLabel('Authentication password').fill('short');
    await choose('Privacy', 'AES-128');
    await sheet().getByLabel('Privacy password').fill('a long one');
    await sheet().getByRole('button', { name: 'Save' }).click();
    await sheet().getByText('Must have 8 to 255 characters and no line break').waitFor();
    await screenshot(page, 'snmp-version-3-1280');
    expect(await barriers(page)).toEqual([]);
    await sheet().getByLabel('Authentication password').fill('another long one');
    await sheet().getByRole('button', { name: 'Save' }).click();
    await sheet().waitFor({ state: 'detached' });
    expect(await stored(name)).toMatchObject({ version: '3', port: 1162 });

    await row(name).getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByText(`Delete ${name}?`).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await row(name).waitFor({ state: 'detached' });
    expect(await stored(name)).toBeUndefined();
  });

  it('are given to a device alone, and taken away again', async () => {
    const device = await api<{ id: string }>(page, 'POST', '/devices', {
      address: DEVICE,
      name: mark,
    });
    const access = async () =>
      (await api<{ snmp: { access: unknown } }>(page, 'GET', `/devices/${device.id}`)).snmp.access ?? null;
    const edit = async () => {
      await visit(page, `/devices/${device.id}?form=edit`);
      await sheet().getByText('Own SNMP login').waitFor();
    };
    await edit();
    await sheet().getByRole('button', { name: 'Set own login' }).click();
    await sheet().getByLabel('Community').fill('valley');
    await sheet().getByRole('button', { name: 'Save' }).click();
    await sheet().waitFor({ state: 'detached' });
    expect(await access()).toEqual({ version: '2c', port: 161 });
    await edit();
    await sheet().getByText('Leave empty to keep').waitFor();
    await screenshot(page, 'device-own-login-1280');
    expect(await barriers(page)).toEqual([]);
    await sheet().getByRole('button', { name: 'Remove own login' }).click();
    await sheet().getByText('is taken away when this is saved').waitFor();
    await sheet().getByRole('button', { name: 'Save' }).click();
    await sheet().waitFor({ state: 'detached' });
    expect(await access()).toBeNull();
  });
});

it('networks that are routed from here are set at the router and shown on its page', async () => {
  const [router] = (await api<Routers>(page, 'GET', '/routers?limit=1')).items;
  if (!router) throw new Error('the town has a router');
  await visit(page, `/routers/${router.id}?form=edit`);
  await sheet().getByLabel('Networks routed from here').fill(`${NETWORK}\n203.0.113.0/24`);
  await screenshot(page, 'router-routed-1280');
  await sheet().getByRole('button', { name: 'Save' }).click();
  await page.getByText(`${NETWORK}, 203.0.113.0/24`).waitFor();
  expect(await barriers(page)).toEqual([]);
  await api(page, 'PATCH', `/routers/${router.id}`, { routed: router.routed });
});

it('who may not change routers sees the logins and is told why they cannot be changed', async () => {
  const name = `${mark} seen`;
  const snmp = { version: '2c', community: 'valley' };
  await api(page, 'POST', '/snmp-logins', { name, snmp, networks: [NETWORK] });
  const invited = { name: 'Rita Reader', email: `${mark}@example.net`, role: 'read-only' };
  const { inviteUrl } = await api<{ inviteUrl: string }>(page, 'POST', '/members', invited);
  const context = await browser.newContext({ viewport: DESKTOP });
  const guest = await context.newPage();
  // The link names the server as the demo knows it; the page may be served from elsewhere.
  const { pathname, search, hash } = new URL(inviteUrl);
  await guest.goto(new URL(`${pathname}${search}${hash}`, page.url()).href);
  await guest.getByLabel('Your name').fill('Rita Reader');
  await guest.getByLabel('Password').first().fill('a calm evening by the lake');
  await guest.getByRole('button', { name: 'Join' }).click();
  await guest.waitForURL(/\/t\//);
  await guest.goto(page.url());
  await settled(guest);
  await guest.getByRole('row').filter({ hasText: name }).getByText(`in ${NETWORK}`).waitFor();
  for (const button of ['Add login', `Edit ${name}`])
    expect(await guest.getByRole('button', { name: button }).getAttribute('aria-disabled')).toBe('true');
  await guest.goto(`${page.url().split('?')[0]}?form=new`);
  await settled(guest);
  await guest.getByRole('row').filter({ hasText: name }).waitFor();
  expect(await guest.getByRole('dialog').count()).toBe(0);
  await screenshot(guest, 'snmp-read-only-1280');
  await context.close();
});
