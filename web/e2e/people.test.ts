import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { at, barriers, launch, screenshot, settled, signedIn, visit } from './browser';

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launch();
  page = await (await signedIn(browser)).newPage();
});
afterAll(() => browser.close());

it('a person who was invited chooses a password, looks at everything and is told what he may not do', async () => {
  await visit(page, '/settings/members');
  await page.getByRole('button', { name: 'Invite' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill('Rita Reader');
  await form.getByLabel('E-mail').fill(`rita-${Date.now()}@example.net`);
  await form.getByLabel('Read only').check();
  await form.getByRole('button', { name: 'Invite' }).click();
  const link = (await form.locator('pre').textContent()) ?? '';

  const guest = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  await guest.goto(link);
  await guest.getByLabel('Your name').fill('Rita Reader');
  await guest.getByLabel('Password').first().fill('a calm evening by the lake');
  await screenshot(guest, 'setup-1280');
  expect(await barriers(guest)).toEqual([]);
  await guest.getByRole('button', { name: 'Join' }).click();
  await guest.waitForURL(/\/t\//);

  await guest.goto(new URL(at('/services'), link).href);
  await settled(guest);
  const add = guest.getByRole('button', { name: 'Add service' });
  expect(await add.getAttribute('aria-disabled')).toBe('true');
  await guest.waitForTimeout(2000); // The words for it arrive after the first paint.
  await add.hover();
  await guest.getByText('Your role (read only) may not change services').waitFor();
});
