import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { getuid } from 'node:process';
import type { Logger } from 'pino';
import type { Browser } from 'playwright-core';
import type { OutboundProxy } from '../../outbound/outbound-proxy.ts';
import { ChromiumNotFoundError, findChromium } from './find-chromium.ts';
import { launchChromium, type RunningChromium } from './launch-chromium.ts';

export interface ChromiumOptions {
  executablePath?: string;
  /** Ours alone: emptied before the first launch and at disposal. */
  tempDir: string;
  proxy: () => Promise<OutboundProxy>;
  log: Logger;
}

/** One Chromium, started when it is first needed and again after it died. */
export interface Chromium extends AsyncDisposable {
  running(): Promise<Browser>;
}

const AS_ROOT =
  'Chromium runs as root and therefore without its own sandbox: a page that breaks out of it is root on this host. Run the worker as another user.';

export function createChromium({ executablePath, tempDir, proxy, log }: ChromiumOptions): Chromium {
  let current: Promise<RunningChromium> | undefined;
  let launches = 0;
  let disposed = false;

  async function launch(): Promise<RunningChromium> {
    const program = await findChromium(executablePath).catch((error: unknown) => {
      if (error instanceof ChromiumNotFoundError) log.error(error.message);
      throw error;
    });
    // Another folder for each: what the one before left may still be written to.
    if (launches === 0) await emptyFolder(tempDir);
    launches += 1;
    const dir = path.join(tempDir, String(launches));
    await mkdir(dir, { recursive: true, mode: 0o700 });
    if (getuid?.() === 0) log.warn(AS_ROOT);
    const started = await launchChromium({ executablePath: program, dir, proxy: await proxy() });
    started.browser.on('disconnected', () => {
      // What cannot be removed now is removed at the next start.
      if (!disposed) removeFolder(dir).catch(() => undefined);
    });
    return started;
  }

  async function isAlive(started: Promise<RunningChromium> | undefined): Promise<boolean> {
    const found = await started?.catch(() => undefined);
    return found?.browser.isConnected() === true;
  }

  return {
    async running() {
      if (disposed) throw new Error('the browser is disposed of');
      const before = current;
      const usable = await isAlive(before);
      // Several callers may have found it dead: the first one starts it.
      const started = usable || current !== before ? current : undefined;
      current = started ?? launch();
      return (await current).browser;
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      // One that did not start, or is gone, needs no stop.
      const last = await current?.catch(() => undefined);
      await last?.stop().catch(() => undefined);
      await removeFolder(tempDir);
    },
  };
}

async function emptyFolder(dir: string): Promise<void> {
  await removeFolder(dir);
  await mkdir(dir, { recursive: true, mode: 0o700 });
}

/** A Chromium whose owner was killed may go on writing for a second. */
function removeFolder(dir: string): Promise<void> {
  return rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
