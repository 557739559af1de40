import { describe, expect, it } from 'vitest';
import { api, barriers, overflow, PHONE, page, pageForEach, screenshot, settled, visit } from '../browser';

interface Named {
  id: string;
  name: string;
}

const mark = `Gone ${Date.now()}`;

pageForEach('');

const which = (what: string) => page.getByRole('radiogroup', { name: `Which ${what}` });

/** A router that was here, and was never reached. */
async function removedRouter(): Promise<Named> {
  const address = `127.250.${Math.floor(Math.random() * 250)}.9`;
  const body = { name: mark, address, username: 'api', password: 'secret' };
  const router = await api<Named>(page, 'POST', '/routers', body);
  await api(page, 'DELETE', `/routers/${router.id}`);
  return router;
}

describe('what is archived', () => {
  it.each([
    ['services', 'In use'],
    ['customers', 'In use'],
    ['routers', 'In use'],
    ['devices', 'In use'],
    ['plans', 'On sale'],
  ])('has a switch in the list of %s', async (what, living) => {
    await visit(page, `/${what}`);
    await which(what).getByText('Archived').click();
    await page.waitForURL(/archived=true/);
    await settled(page);
    expect(await barriers(page)).toEqual([]);
    await screenshot(page, `${what}-archived-1280`);
    await which(what).getByText(living).click();
    await page.waitForURL((url) => !url.search.includes('archived'));
    await page.setViewportSize(PHONE);
    expect(await overflow(page)).toBe(0);
  });

  it('shows of a router what it was, and nothing that is asked of routers in use', async () => {
    const { name } = await removedRouter();
    await visit(page, '/routers?archived=true');
    const row = page.getByRole('row').filter({ hasText: name });
    await row.getByText('Archived').waitFor();
    expect(await row.textContent()).not.toMatch(/never|none/);
    await row.getByRole('link', { name }).click();
    await page.getByRole('button', { name: 'Restore' }).waitFor();
    const text = (await page.locator('main').textContent()) ?? '';
    for (const live of ['Away', 'never', 'May send events', 'Sync now']) expect(text).not.toContain(live);
    await screenshot(page, 'router-archived-1280');
  });
});

describe('the scripts of a router', () => {
  it('say which part waits for the address of the server, apart from the scripts', async () => {
    const { items } = await api<{ items: Named[] }>(page, 'GET', '/routers?limit=1');
    // The demo's server knows its address.
    const nothing = { webhookUrl: null, serverAddress: null };
    await page.route('**/way-back', (route) => route.fulfill({ json: nothing }));
    await visit(page, `/routers/${items[0]?.id}?tab=script`);
    await page.getByText('The firewall part below cannot be written yet').waitFor();
    await page.getByText('The user part works without it').waitFor();
    const box = async (title: string) => page.locator('section', { hasText: title }).first().boundingBox();
    const [first, next] = [await box('First: where this server is'), await box('Paste into a terminal')];
    const gap = (next?.y ?? 0) - (first?.y ?? 0) - (first?.height ?? 0);
    expect(gap).toBeGreaterThanOrEqual(12);
    await screenshot(page, 'router-script-1280');
  });

  it('say when the latest event came', async () => {
    const { items } = await api<{ items: Named[] }>(page, 'GET', '/routers?limit=1');
    await visit(page, `/routers/${items[0]?.id}?tab=events`);
    await page.getByText('The latest event of this router came').waitFor();
  });
});
