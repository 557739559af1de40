import { describe, expect, it } from 'vitest';
import { api, page, pageForEach, settled, visit } from '../browser';

interface Plans {
  items: { name: string; price: { minor: number } }[];
}

interface Customers {
  items: { name: string; reference: string | null; createdAt: string }[];
}

interface Sessions {
  items: { startedAt: string }[];
}

pageForEach('');

const column = (number: number) => page.locator(`tbody tr:not([aria-hidden]) td:nth-child(${number})`);
const head = (name: string) => page.getByRole('columnheader', { name });

async function sortBy(name: string, sort: RegExp): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
  await page.waitForURL(sort);
  await settled(page);
}

describe('lists that are read whole', () => {
  it('sort plans by name, price and rate, and keep that through a form', async () => {
    await visit(page, '/plans');
    const { items } = await api<Plans>(page, 'GET', '/plans?limit=1000');
    expect(await head('Plan').getAttribute('aria-sort')).toBe('ascending');
    await sortBy('Price', /sort=price/);
    const cheapest = items.toSorted((a, b) => a.price.minor - b.price.minor)[0];
    expect((await column(1).first().textContent())?.trim()).toBe(cheapest?.name);
    await sortBy('Down', /sort=-down/);
    expect(await column(3).first().textContent()).toBe('100 Mbit/s');
    await page.getByRole('button', { name: 'Edit' }).first().click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.waitForURL((url) => !url.search.includes('form') && url.search.includes('sort=-down'));
  });

  it('sort people and API keys', async () => {
    await visit(page, '/settings/members');
    await sortBy('E-mail', /sort=email/);
    const mails = await column(2).allTextContents();
    expect(mails).toEqual(mails.toSorted((a, b) => a.localeCompare(b)));
    await visit(page, '/settings/api-keys');
    await sortBy('Last used', /sort=-used/);
    expect(await head('Last used').getAttribute('aria-sort')).toBe('descending');
  });
});

it('customers sort by when they were added and by their number, on the server', async () => {
  await visit(page, '/customers');
  for (const [name, sort, field] of [
    ['Added', '-createdAt', 'createdAt'],
    ['Reference', 'reference', 'reference'],
  ] as const) {
    await sortBy(name, new RegExp(`sort=${sort}`));
    const { items } = await api<Customers>(page, 'GET', `/customers?sort=${sort}&limit=1000`);
    const values = items.map((customer) => customer[field] ?? '');
    const inOrder = values.toSorted();
    expect(values).toEqual(sort.startsWith('-') ? inOrder.reverse() : inOrder);
    await expect.poll(async () => (await column(1).first().textContent())?.trim()).toBe(items[0]?.name);
  }
});

it('sessions sort by their beginning, on the server', async () => {
  await visit(page, '/sessions');
  expect(await head('Started').getAttribute('aria-sort')).toBe('descending');
  await sortBy('Started', /sort=startedAt/);
  const { items } = await api<Sessions>(page, 'GET', '/sessions?sort=startedAt&limit=1');
  await expect
    .poll(() => column(5).first().locator('time').getAttribute('datetime'))
    .toBe(items[0]?.startedAt);
});

describe('what the server refuses', () => {
  /** The words below the field with this label. */
  const below = async (label: string) => {
    const field = page.getByRole('dialog').getByLabel(label, { exact: true });
    const ids = ((await field.getAttribute('aria-describedby')) ?? '').split(' ');
    const words = ids.filter(Boolean).map((id) => page.locator(`[id="${id}"]`).textContent());
    return (await Promise.all(words)).join(' ');
  };

  it('stands beside the field, whatever the server calls it', async () => {
    await visit(page, '/plans?form=new');
    const form = page.getByRole('dialog');
    await form.getByLabel('Name').fill('Home 10');
    await form.getByLabel('Price').fill('5');
    await form.getByRole('button', { name: 'Add', exact: true }).click();
    await form.getByText('Another plan has this name.').waitFor();
    expect(await below('Name *')).toBe('Another plan has this name.');
    await form.getByLabel('Name').fill('Home 10 with much more than anybody needs');
    await form.getByLabel('Down, Mbit/s').fill('9999999');
    await form.getByRole('button', { name: 'Add', exact: true }).click();
    await expect.poll(() => below('Down, Mbit/s')).toMatch(/^Must be a whole number/);
  });

  it('of a certificate stands beside its fingerprint, of a customer beside the reference', async () => {
    const { items } = await api<{ items: { id: string }[] }>(page, 'GET', '/routers?limit=1');
    await visit(page, `/routers/${items[0]?.id}?form=edit`);
    const form = page.getByRole('dialog');
    await form.getByRole('switch', { name: 'TLS (api-ssl)' }).click();
    await form.getByLabel('Fingerprint of its certificate').fill('AB:CD');
    await form.getByLabel('Password').first().fill('secret');
    await form.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => below('Fingerprint of its certificate *')).toMatch(/SHA-256|fingerprint/i);
    await visit(page, '/customers?form=new');
    await form.getByLabel('Name').fill('Ana');
    await form.getByLabel('Reference').fill('7'.repeat(61));
    await form.getByRole('button', { name: 'Add', exact: true }).click();
    await expect.poll(() => below('Reference')).toMatch(/60 characters/);
  });
});
