import { existsSync } from 'node:fs';
import { launch, type Browser } from 'puppeteer-core';

/** Where Debian's package `chromium` puts it. */
const CHROMIUM = '/usr/bin/chromium';

/** Whether Chromium is here. Says loudly when it is not, and throws where everything is required. */
export function chromiumIsHere(): boolean {
  if (existsSync(CHROMIUM)) return true;
  if (process.env['REQUIRE_ALL']) throw new Error('REQUIRE_ALL: chromium must be installed');
  process.stderr.write('SKIPPED: chromium was not found\n');
  return false;
}

/** A browser with an empty profile of its own, which speaks to nobody by itself. */
export const startBrowser = (): Promise<Browser> =>
  launch({
    executablePath: CHROMIUM,
    args: [
      // Chromium's own sandbox does not start as root; the pages are ours.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
