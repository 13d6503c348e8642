import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';
import { findChromium } from '../../src/browser/chromium/find-chromium.ts';
import { writeStarter } from '../../src/browser/chromium/starter.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A Chromium of the test's own, apart from that of the system, and started by the same starter. */
export async function launchTestBrowser(options: LaunchOptions = { args: FLAGS }): Promise<Browser> {
  const folder = await mkdtemp(path.join(tmpdir(), 'longturn-test-browser-'));
  try {
    const executablePath = await writeStarter(await findChromium(), folder);
    return await chromium.launch({ ...options, executablePath });
  } finally {
    await rm(folder, { recursive: true });
  }
}
