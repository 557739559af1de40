import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const CHROMIUM = process.env.IMSYS_CHROMIUM ?? '/usr/bin/chromium';
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** A Chromium starts within a second; one that hangs while it starts is ended, and another tried. */
const START = { tries: 4, timeout: 12_000 };

export async function launch(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error(`there is no Chromium at ${CHROMIUM}; set IMSYS_CHROMIUM`);
  for (let tries = 1; ; tries++) {
    try {
      return await chromium.launch({ executablePath: CHROMIUM, args: QUIET, timeout: START.timeout });
    } catch (error) {
      if (tries === START.tries) throw error;
      console.warn(`Chromium did not start, trying again: ${error}`);
    }
  }
}
