import { env } from 'node:process';
import type { BrowserType } from 'playwright-core';

/**
 * Playwright's Chromium, loaded when it is first needed. Its own debug log prints every value that is typed, so it is
 * switched off whatever `DEBUG` says; other programs' parts of `DEBUG` stay as they are.
 */
export async function loadPlaywright(): Promise<BrowserType> {
  // biome-ignore lint/style/noProcessEnv: Playwright has no other switch, and this configures nothing of ours.
  const asked = env['DEBUG'];
  if (asked && !asked.endsWith(OFF)) Object.assign(env, { DEBUG: asked + OFF });
  const { chromium } = await import('playwright-core');
  return chromium;
}

const OFF = ',-pw:*';
