import { existsSync } from 'node:fs';

/** Debian's Chromium; CHROMIUM_PATH names another. Tests that need it are skipped where it is not there. */
export const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

export const hasBrowser = existsSync(CHROMIUM);
if (!hasBrowser) {
  process.stderr.write(
    `Skipped: what is tested in a browser, as there is no ${CHROMIUM} (CHROMIUM_PATH names another).\n`,
  );
}

/** As root and without a network, Chromium needs to be told what not to do. */
export const CHROMIUM_ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
