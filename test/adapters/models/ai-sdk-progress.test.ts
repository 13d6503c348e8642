import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createModelDirectory } from '../../../src/models/create-model-directory.ts';
import { whileAlive } from '../../../src/models/idle-limit.ts';
import { ask, configFor, VENDORS } from './vendors.ts';

/** How long the server thinks aloud before it answers, and how often it says so. */
const THINKS_MS = 1_500;
const EVERY_MS = 100;
const IDLE_MS = 1_000;

let isSilent = false;
let frames = '';
const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (isSilent) {
    response.flushHeaders();
    return;
  }
  const thinking = setInterval(() => response.write(': thinking\n\n'), EVERY_MS);
  setTimeout(() => {
    clearInterval(thinking);
    response.end(frames);
  }, THINKS_MS);
});
let url = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe.each(VENDORS)('$name', (vendor) => {
  const answers = () => {
    isSilent = false;
    frames = vendor
      .call('look', '{}')
      .map(
        ({ event, data }) =>
          `${event ? `event: ${event}\n` : ''}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`,
      )
      .join('');
  };
  const askWatched = () => {
    const directory = createModelDirectory(configFor(url));
    return whileAlive({ idleMs: IDLE_MS, signal: new AbortController().signal }, ({ signal, progress }) =>
      ask(directory, vendor.name, 'hello', { signal, onProgress: progress }),
    );
  };

  // A vendor's code is loaded with its first call: no provider is silent meanwhile.
  beforeAll(async () => {
    answers();
    await ask(createModelDirectory(configFor(url)), vendor.name, 'hello');
  });

  it('may think for longer than its silence may last, as long as anything comes', async () => {
    answers();
    expect((await askWatched()).calls).toEqual([{ tool: 'look', input: {} }]);
  });

  it('has failed for now when the connection hangs', async () => {
    isSilent = true;
    await expect(askWatched()).rejects.toMatchObject({ code: 'model_unavailable', retryable: true });
  });
});
