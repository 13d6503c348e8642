import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import { chromiumsIn } from '../../support/chromium-processes.ts';
import { poll } from '../../support/poll.ts';

const SCRIPT = path.resolve('test/support/login-in-child.ts');
let child: ChildProcessByStdio<null, Readable, Readable>;
let folder = '';

afterEach(async () => {
  child.kill('SIGKILL');
  if (folder !== '') await rm(folder, { recursive: true, force: true });
});

describe('a process that logs in', () => {
  it('tells nothing of it where Playwright is asked to, and takes its browser with it when it is killed', async () => {
    const env = { ...process.env, DEBUG: '*' };
    child = spawn(process.execPath, [SCRIPT], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [told, said] = ['', ''];
    child.stderr.on('data', (chunk: Buffer) => {
      told += chunk.toString();
    });
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    folder = await poll(() => said !== '' && (JSON.parse(said) as { folder: string }).folder, {
      what: 'it has logged in',
      timeoutMs: 50_000,
      explain: () => told,
    });
    expect(told).not.toMatch(/canary|pw:/);
    expect(await chromiumsIn(folder)).toHaveLength(1);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    await poll(async () => (await chromiumsIn(folder)).length === 0, { what: 'Chromium is gone' });
  });
});
