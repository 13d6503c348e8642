import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { getuid } from 'node:process';
import type { Browser, BrowserContext } from 'playwright-core';
import type { OutboundProxy } from '../../outbound/outbound-proxy.ts';
import { loadPlaywright } from './load-playwright.ts';
import { writeStarter } from './starter.ts';

export interface LaunchOptions {
  executablePath: string;
  /** An empty folder; everything that Chromium writes is in it. */
  dir: string;
  proxy: OutboundProxy;
}

/** A running Chromium. */
export interface RunningChromium {
  browser: Browser;
  /** Ends it and waits until it has ended. */
  stop(): Promise<void>;
}

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--disable-domain-reliability',
  '--no-pings',
  // Nothing is resolved or reached but through the proxy, WebRTC included.
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
  '--webrtc-ip-handling-policy=disable_non_proxied_udp',
];

/**
 * Starts Chromium by a pipe, without a debugging port: it ends within a second of this process, however that ends. Its
 * own default context stays empty; what is open in others is kept in memory only.
 */
export async function launchChromium({
  executablePath,
  dir,
  proxy,
}: LaunchOptions): Promise<RunningChromium> {
  const chromium = await loadPlaywright();
  const [profile, artifacts] = [path.join(dir, 'profile'), path.join(dir, 'artifacts')];
  await mkdir(artifacts, { recursive: true, mode: 0o700 });
  const { server, username, password } = proxy;
  const idle = await chromium.launchPersistentContext(profile, {
    executablePath: await writeStarter(executablePath, dir),
    artifactsDir: artifacts,
    headless: true,
    // The sandbox is refused to root.
    chromiumSandbox: getuid?.() !== 0,
    proxy: { server, username, password, bypass: '<-loopback>' },
    args: FLAGS,
    // Chromium sees nothing of our environment, which may hold keys.
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: dir, TMPDIR: dir, LANG: 'C.UTF-8' },
    // The process that uses it decides when it ends.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const browser = idle.browser();
  if (browser === null) throw new Error('Chromium did not answer');
  await emptied(idle);
  return { browser, stop: () => idle.close() };
}

async function emptied(context: BrowserContext): Promise<void> {
  await Promise.all(context.pages().map((page) => page.close()));
}
