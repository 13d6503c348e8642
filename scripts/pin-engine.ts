// npm run engine:pin: writes the SHA-256s of the Temporal release into engine/downloads.json, from the release's own
// checksums.txt. With --check it writes nothing and exits 1 where they differ from what is pinned.
import { readFileSync, writeFileSync } from 'node:fs';
import { EnvHttpProxyAgent, fetch } from 'undici';
import { DOWNLOADS_FILE } from '../src/engine/pinned-build.ts';
import { ENGINE_VERSION } from '../src/engine/pinned-version.ts';
import { CHECKSUMS_URL, digestsOf } from './supply/release-checksums.ts';

const answer = await fetch(CHECKSUMS_URL, { dispatcher: new EnvHttpProxyAgent() });
if (!answer.ok) throw new Error(`${CHECKSUMS_URL} answered ${answer.status}`);
const pins = { version: ENGINE_VERSION, sha256: digestsOf(await answer.text()) };
const text = `${JSON.stringify(pins, undefined, 2)}\n`;
if (!process.argv.includes('--check')) {
  writeFileSync(DOWNLOADS_FILE, text);
  console.log(
    `${DOWNLOADS_FILE} has the SHA-256s of ${CHECKSUMS_URL}. Look at the change before you commit it.`,
  );
} else if (readFileSync(DOWNLOADS_FILE, 'utf8') === text) {
  console.log(`${DOWNLOADS_FILE} is what ${CHECKSUMS_URL} says.`);
} else {
  console.error(`${DOWNLOADS_FILE} is not what ${CHECKSUMS_URL} says:\n${text}`);
  process.exitCode = 1;
}
