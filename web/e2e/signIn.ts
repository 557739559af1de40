import type { TestProject } from 'vitest/node';
import { launch } from './chromium';

type State = Awaited<ReturnType<import('playwright-core').BrowserContext['storageState']>>;

declare module 'vitest' {
  interface ProvidedContext {
    demo: { origin: string; slug: string; state: State };
  }
}

/** Opens the sign-in link once, as a person would, and hands the session to all tests. */
export default async function signIn(project: TestProject): Promise<void> {
  const link = process.env.IMSYS_URL;
  if (!link) throw new Error('IMSYS_URL must be the link that `imsys demo` prints after `ready`');
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(link);
    await page.waitForURL(/\/t\/[^/]+/);
    const { origin, pathname } = new URL(page.url());
    const slug = pathname.split('/')[2] ?? '';
    project.provide('demo', { origin, slug, state: await page.context().storageState() });
  } finally {
    await browser.close();
  }
}
