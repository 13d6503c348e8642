import { readlinkSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { launchTestBrowser } from '../../test/support/launch-test-browser.ts';
import { descendants } from '../../test/support/processes.ts';
import { type Memory, memoryOf } from './process-figures.ts';

/** Chromium by Playwright alone, without Longturn's proxy; otherwise started as Longturn starts its own. */
export async function launchPlain(): Promise<Browser> {
  return await launchTestBrowser({
    headless: true,
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-gpu', '--disable-quic', '--disable-domain-reliability', '--no-pings'],
  });
}

/** Memory of all of Chromium's processes below a process, together. */
export function chromiumMemory(pid: number): Memory & { processes: number } {
  const each = descendants(pid)
    .filter(isChromium)
    .flatMap((found) => memoryIfAlive(found));
  const sum = (pick: (memory: Memory) => number) => each.reduce((total, memory) => total + pick(memory), 0);
  return { rss: sum(({ rss }) => rss), pss: sum(({ pss }) => pss), processes: each.length };
}

function isChromium(pid: number): boolean {
  try {
    return /chrom[^/]*$/.test(readlinkSync(`/proc/${pid}/exe`));
  } catch {
    // It has ended meanwhile.
    return false;
  }
}

function memoryIfAlive(pid: number): Memory[] {
  try {
    return [memoryOf(pid)];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}
