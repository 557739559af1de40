import { describe, expect, it } from 'vitest';
import { api, barriers, browser, PHONE, page, pageForEach, screenshot, signedIn, visit } from '../browser';

pageForEach('');

describe('the frame', () => {
  it('goes anywhere with Ctrl K, and finds services', async () => {
    await page.keyboard.press('Control+k');
    const box = page
      .getByRole('textbox', { name: 'Search or go to' })
      .or(page.getByPlaceholder(/Customer, service, router/));
    await box.first().fill('routers');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/routers$/);
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    const { items } = await api<{ items: { username: string }[] }>(
      page,
      'GET',
      '/services?kind=pppoe&limit=1',
    );
    const name = items[0]?.username ?? '';
    await page.keyboard.press('Control+k');
    await box.first().fill(name);
    await page.getByText('Services', { exact: true }).last().waitFor();
    await page.waitForTimeout(400); // The dialog fades in.
    await screenshot(page, 'palette-1280');
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('is dark when asked, and stays so', async () => {
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByRole('menuitem', { name: 'Dark' }).click();
    const scheme = () => page.locator('html').getAttribute('data-mantine-color-scheme');
    await expect.poll(scheme).toBe('dark');
    await page.reload();
    expect(await scheme()).toBe('dark');
    await page.evaluate(() => localStorage.clear());
  });

  it('can be walked with the keyboard alone', async () => {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  });

  it('has its places in a drawer on a phone', async () => {
    const phone = await (await signedIn(browser, { viewport: PHONE })).newPage();
    await visit(phone, '');
    await phone.getByRole('button', { name: 'Open navigation' }).click();
    await phone.waitForTimeout(400); // The drawer slides in.
    await screenshot(phone, 'navigation-390');
    expect(await barriers(phone)).toEqual([]);
    await phone.getByRole('dialog').getByRole('link', { name: 'Customers' }).click();
    await phone.waitForURL(/\/customers$/);
    await phone.getByRole('dialog').waitFor({ state: 'detached' });
  });
});
