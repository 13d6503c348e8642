/*
 * Records what Chromium tells of the written pages anew: `node test/support/readings/record.ts`, after the probe or a page
 * was changed.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { probeFrames } from '../../../src/browser/page/probe-frames.ts';
import { launchTestBrowser } from '../launch-test-browser.ts';
import { documentOf, recordingOf, WRITTEN_PAGES } from './recorded.ts';

const browser = await launchTestBrowser();
try {
  const page = await browser.newPage();
  await mkdir(new URL('./recorded/', import.meta.url), { recursive: true });
  for (const { name, html } of WRITTEN_PAGES.filter(({ large }) => !large)) {
    await page.setContent(documentOf(html));
    const [top] = await probeFrames(page);
    await writeFile(recordingOf(name), `${JSON.stringify(top?.snapshot)}\n`);
  }
} finally {
  await browser.close();
}
