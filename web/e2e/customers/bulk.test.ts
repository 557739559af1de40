import { afterEach, describe, expect, it } from 'vitest';
import { api, barriers, DESKTOP, overflow, PHONE, page, pageForEach, screenshot, visit } from '../browser';

interface Named {
  id: string;
  name: string;
}
interface Service {
  id: string;
  username: string;
  planName: string | null;
  archived: boolean;
}

const mark = `bulk-${Date.now()}`;
const made: string[] = [];

pageForEach('/services');

afterEach(async () => {
  for (const id of made.splice(0)) await api(page, 'DELETE', `/services/${id}`).catch(() => undefined);
});

/** Three services that nothing else has. */
async function three(): Promise<void> {
  const { items } = await api<{ items: Named[] }>(page, 'GET', '/routers?limit=1');
  for (const end of ['a', 'b', 'c']) {
    const body = { kind: 'pppoe', username: `${mark}-${end}`, routerId: items[0]?.id };
    made.push((await api<Service>(page, 'POST', '/services', body)).id);
  }
  await visit(page, `/services?q=${mark}&sort=username`);
}

const shown = () => Promise.all(made.map((id) => api<Service>(page, 'GET', `/services/${id}`)));
const bar = () => page.getByRole('region', { name: 'Selected services' });
const toastUndo = () => page.getByRole('button', { name: 'Undo' });

describe('services that are ticked', () => {
  it('get a plan together, and give it back', async () => {
    await three();
    const plans = await api<{ items: Named[] }>(page, 'GET', '/plans?limit=1');
    const plan = plans.items[0]?.name ?? '';
    await page.getByRole('checkbox', { name: `Select ${mark}-a` }).click();
    await page.getByRole('checkbox', { name: `Select ${mark}-c` }).click({ modifiers: ['Shift'] });
    await bar().getByText('3 services').waitFor();
    expect(await barriers(page)).toEqual([]);
    await screenshot(page, 'bulk-1280');
    await bar().getByRole('button', { name: 'Set plan' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Plan' }).click();
    await page.getByRole('option', { name: plan, exact: true }).click();
    await screenshot(page, 'bulk-plan-1280');
    await dialog.getByRole('button', { name: 'Set for 3 services' }).click();
    await page.getByText('3 services on another plan').waitFor();
    expect((await shown()).map(({ planName }) => planName)).toEqual([plan, plan, plan]);
    await toastUndo().click();
    await page.getByText('3 services set back').waitFor();
    expect((await shown()).map(({ planName }) => planName)).toEqual([null, null, null]);
  });

  it('are archived on a phone, and come back from the log', async () => {
    await three();
    await page.setViewportSize(PHONE);
    await page.getByRole('checkbox', { name: `Select ${mark}-a` }).click();
    await page.getByRole('checkbox', { name: `Select ${mark}-b` }).click();
    expect(await overflow(page)).toBe(0);
    await screenshot(page, 'bulk-390');
    await bar().getByRole('button', { name: 'Archive' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Archive 2 services' }).click();
    await page.getByText('2 services archived').waitFor();
    await page.setViewportSize(DESKTOP);
    expect((await shown()).map(({ archived }) => archived)).toEqual([true, true, false]);
    await visit(page, `/settings/audit?q=${made[0]}`);
    await page.getByRole('button', { name: '2 services' }).first().click();
    const sheet = page.getByRole('dialog');
    await sheet.getByRole('link', { name: `${mark}-b` }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await screenshot(page, 'audit-bulk-1280');
    await page.setViewportSize(PHONE);
    expect(await overflow(page)).toBe(0);
    await screenshot(page, 'audit-bulk-390');
    await page.setViewportSize(DESKTOP);
    await sheet.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('dialog').last().getByRole('button', { name: 'Undo' }).click();
    await page.getByText('2 services set back').waitFor();
    expect((await shown()).map(({ archived }) => archived)).toEqual([false, false, false]);
  });
});
