import { findChromium } from '../../src/browser/chromium/find-chromium.ts';

let isSaid = false;

/** Says before the first test how to get Chromium where it is missing: the tests that need it fail then. */
// biome-ignore lint/style/noDefaultExport: jest calls the default export of a global set-up.
export default async function sayHowToGetChromium(): Promise<void> {
  if (isSaid) return;
  isSaid = true;
  await findChromium().catch((error: Error) => {
    process.stderr.write(`${error.message} Tests look for it on PATH, and those that need it fail.\n`);
  });
}
