import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import axe from 'axe-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, inject } from 'vitest';
import { launch } from './chromium';

const SCREENSHOTS = resolve(import.meta.dirname, '../../target/screenshots');

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

/** A router of the town may be away just now: then the server says so with this. */
const ROUTER_AWAY = [502, 503];

/** What a browser complained about: errors, refused code or styles, answers of 500 and above. */
export function complaints(page: Page): string[] {
  const found: string[] = [];
  page.on('pageerror', (error) => found.push(error.message));
  page.on('console', (message) => {
    const answered = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !answered) found.push(message.text());
  });
  page.on('response', (response) => {
    if (response.status() >= 500 && !ROUTER_AWAY.includes(response.status()))
      found.push(`${response.status()} ${response.url()}`);
  });
  return found;
}

/** A browser context that is signed in to the demo. */
export function signedIn(browser: Browser, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const { origin, state } = inject('demo');
  return browser.newContext({
    viewport: DESKTOP,
    locale: 'en-GB',
    timezoneId: 'UTC',
    ...options,
    baseURL: origin,
    storageState: state,
  });
}

/** The browser of a test file, signed in to the demo, and the page of the test that runs. */
export let browser: Browser;
export let page: Page;

/** One page for all tests of a file. */
export function pageForAll(): void {
  beforeAll(async () => {
    browser = await launch();
    page = await (await signedIn(browser)).newPage();
  });
  afterAll(() => browser?.close());
}

/** A page of its own for each test of a file, which begins at `path` of the tenant. */
export function pageForEach(path: string): void {
  let context: BrowserContext;
  beforeAll(async () => {
    browser = await launch();
    context = await signedIn(browser);
  });
  beforeEach(async () => {
    page = await context.newPage();
    await visit(page, path);
  });
  afterEach(() => page.close());
  afterAll(() => browser?.close());
}

/** The address of a page of the demo's tenant. */
export const at = (path: string): string => `/t/${inject('demo').slug}${path}`;

/** Goes to a page of the tenant and waits until nothing on it is on its way any more. */
export async function visit(page: Page, path: string): Promise<void> {
  await page.goto(at(path));
  await settled(page);
}

/** The same for a page that belongs to no tenant. */
export async function visitOutside(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await settled(page);
}

export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null);
}

/** Asks the API as the page would, with its session. */
export async function api<T>(page: Page, method: string, path: string, body?: unknown): Promise<T> {
  return page.evaluate(
    async ([verb, url, data]) => {
      const init = data === undefined ? {} : { body: data, headers: { 'content-type': 'application/json' } };
      const response = await fetch(`/api/v1${url}`, { method: verb, ...init });
      if (!response.ok) throw new Error(`${verb} ${url}: ${response.status} ${await response.text()}`);
      return response.status === 204 ? null : response.json();
    },
    [method, path, body === undefined ? undefined : JSON.stringify(body)] as const,
  );
}

/** What keeps people out, in words; empty when nothing serious does. */
export async function barriers(page: Page): Promise<string[]> {
  // Through the debugger, not as a script element: the page's policy rightly refuses that.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({ resultTypes: ['violations'] }),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
    );
}

/** How many pixels the page is wider than its window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    // What measures itself takes the new size in the frame after the one that shows it.
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    return document.documentElement.scrollWidth - innerWidth;
  });

export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: resolve(SCREENSHOTS, `${name}.png`) });
}
