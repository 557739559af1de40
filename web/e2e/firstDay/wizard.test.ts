import { afterAll, expect, it } from 'vitest';
import { barriers, DESKTOP, overflow, PHONE, page, pageForAll, screenshot, settled, visit } from '../browser';
import { canSimulate, type Simulated, simulate } from '../simulator';

let router: Simulated | undefined;

pageForAll();
afterAll(() => router?.stop());

it.runIf(canSimulate())(
  'a router is added, tested, imported and seen to report, and each step survives a reload',
  async () => {
    router = await simulate();
    await visit(page, '/routers/add');

    await page.getByLabel('Name').fill(`Wizard ${Date.now() % 1_000_000}`);
    await page.getByLabel('Address').fill(router.address);
    await page.getByLabel('API port').fill(String(router.port));
    await page.getByRole('textbox', { name: 'User' }).fill('api');
    await page.getByLabel('Password').first().fill('mistyped');
    await page.getByRole('button', { name: 'Add and test' }).click();

    await page.waitForURL(/step=test/);
    await page.getByText('Does not work yet').waitFor({ timeout: 20_000 });
    await page.getByRole('button', { name: 'Edit' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Password').first().fill('secret');
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/^Works/).waitFor({ timeout: 20_000 });
    await screenshot(page, 'wizard-test-1280');
    await page.reload();
    await page.getByText(/^Works/).waitFor({ timeout: 20_000 });
    await page.getByRole('button', { name: 'Continue' }).click();

    await page.waitForURL(/step=import/);
    await page.getByRole('button', { name: /^Import \d+ service/ }).waitFor({ timeout: 20_000 });
    await screenshot(page, 'wizard-import-1280');
    expect(await barriers(page)).toEqual([]);
    const go = page.getByRole('button', { name: /^Import \d+ service/ });
    const many = Number(/\d+/.exec((await go.textContent()) ?? '')?.[0]);
    await page
      .getByRole('checkbox', { name: /^Import (?!all)/ })
      .first()
      .click();
    await page.getByRole('button', { name: `Import ${many - 1} service` }).waitFor();
    await page
      .getByRole('checkbox', { name: /^Import (?!all)/ })
      .first()
      .click();
    const profile = page
      .getByRole('group', { name: /Plan for each PPP profile/ })
      .getByRole('combobox')
      .first();
    await profile.click();
    await page.getByRole('option').nth(1).click();
    await page.getByText(/ → /).first().waitFor({ timeout: 20_000 });
    await screenshot(page, 'wizard-plans-1280');
    await page.setViewportSize(PHONE);
    expect(await overflow(page)).toBe(0);
    await screenshot(page, 'wizard-plans-390');
    await page.setViewportSize(DESKTOP);
    await go.click();
    await page.getByText(/^Imported:/).waitFor({ timeout: 20_000 });
    await page.getByRole('button', { name: 'Continue' }).click();

    await page.waitForURL(/step=events/);
    // What is done follows from the router: a step that was passed over is not.
    await page.getByRole('button', { name: /Import done: \d+ service/ }).waitFor();
    await page.getByRole('button', { name: 'Live events not done yet' }).waitFor();
    await page.getByText('Waiting for the first event').waitFor();
    const script = await page.locator('pre').first().textContent();
    await screenshot(page, 'wizard-waiting-1280');
    await report(script ?? '');
    await page.getByText('The latest event of this router').waitFor({ timeout: 15_000 });
    await screenshot(page, 'wizard-live-1280');
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('link', { name: 'Done: open the router' }).click();
    await settled(page);
  },
);

/** Speaks as the router would after the script was pasted: one event, with the token that the script holds. */
async function report(script: string): Promise<void> {
  const token = /X-IMSys-Token:\s*([\w-]+)/.exec(script)?.[1] ?? '';
  const origin = new URL(process.env.IMSYS_URL ?? '').origin;
  const body = ['up', 'somebody', 'AA:BB:CC:00:00:01', '100.64.9.9', '*F1'].join('\n');
  const response = await fetch(`${origin}/api/v1/webhooks/ppp`, {
    method: 'POST',
    headers: { 'x-imsys-token': token },
    body,
  });
  expect(response.status).toBe(204);
}
