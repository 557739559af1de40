import { describe, expect, it } from 'vitest';
import { at, barriers, page, pageForEach, screenshot } from '../browser';

pageForEach('/services');

const places = () => page.getByRole('navigation', { name: 'Places' });

describe('a page that is not there', () => {
  it('keeps the menu', async () => {
    await page.goto(at('/no-such-page'));
    await page.getByRole('heading', { level: 1, name: 'There is no such page' }).waitFor();
    await places().getByRole('link', { name: 'Customers' }).click();
    await page.getByRole('heading', { level: 1, name: 'Customers' }).waitFor();
  });

  it('of a network that is not open to this person says so, and where they can go', async () => {
    await page.goto('/t/somebody-else/services');
    await page.getByRole('heading', { level: 1, name: 'This network is not open to you' }).waitFor();
    await page.getByText('which is not a member of “somebody-else”').waitFor();
    await screenshot(page, 'not-a-member-1280');
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('listitem').getByRole('link').first().click();
    await places().waitFor();
  });
});

describe('with the server away', () => {
  it('the app says so when it is opened, and goes on by itself', async () => {
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Services' }).waitFor();
    await page.context().setOffline(true);
    await page.reload();
    await page.getByText('The server cannot be reached').waitFor();
    await page.getByText('goes on by itself').waitFor();
    await page.context().setOffline(false);
    await page.getByRole('heading', { level: 1, name: 'Services' }).waitFor();
  });
});
