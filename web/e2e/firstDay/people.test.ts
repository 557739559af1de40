import { expect, it } from 'vitest';
import {
  api,
  at,
  barriers,
  browser,
  page,
  pageForAll,
  screenshot,
  settled,
  visit,
  visitOutside,
} from '../browser';

pageForAll();

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

it('a provider is added with a link for its first administrator, and deleted by typing its name', async () => {
  const name = `Hill Net ${Date.now()}`;
  await visit(page, '');
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Providers on this server' }).click();
  await page.getByRole('button', { name: 'Add a provider' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  expect(await page.getByRole('dialog').locator('pre').textContent()).toMatch(/\/setup#/);
  await page.getByRole('button', { name: 'Done' }).click();
  await page
    .getByRole('row', { name: new RegExp(name) })
    .getByRole('button', { name: 'Delete' })
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(`Type ${name}`).fill(name.toLowerCase());
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await dialog.getByText(`Type ${name}`, { exact: true }).waitFor();
  await dialog.getByLabel(`Type ${name}`).fill(name);
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await dialog.waitFor({ state: 'detached' });
  await visitOutside(page, '/providers');
  expect(await page.getByRole('row', { name: new RegExp(name) }).count()).toBe(0);
});

it('the history of a customer is erased after asking by name, and the customer stays', async () => {
  await visit(page, '/customers');
  const made = await api<{ id: string }>(page, 'POST', '/customers', { name: 'Erasmus Quiet' });
  await visit(page, `/customers/${made.id}`);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Erase history…' }).click();
  await page.getByText('Erase the history of Erasmus Quiet?').waitFor();
  await page.getByRole('button', { name: 'Erase for good' }).click();
  await page.getByText('0 records of Erasmus Quiet erased').waitFor();
  expect(await page.locator('main h1').textContent()).toBe('Erasmus Quiet');
});
