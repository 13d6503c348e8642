import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { imagesIn, registryDigest, withDigests } from '../../../scripts/supply/image-pins.ts';
import { ROOT } from '../../support/environment.ts';

/** No digest of these could be had where they were chosen; `npm run images:pin` writes it. See docs/operations.md. */
const WITHOUT_DIGEST = ['temporalio/ui:2.50.1'];

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const TEXT = `# image: comment:1
x-image: &one acme/one:1.0
services:
  a:
    image: *one
  b:
    image: two:2.0-slim@${digest('0')}
  c: { }
  d:
    image: two:2.0
FROM three:3 AS build
FROM build
    image: longturn
`;

let server: Server | undefined;
afterEach(async () => {
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

/** A registry that knows one tag. Gives the requests it was sent. */
async function registry(status: number): Promise<{ url: string; authUrl: string; asked: string[] }> {
  const asked: string[] = [];
  server = createServer(({ method, url, headers }, response) => {
    asked.push(`${method} ${url} ${headers.authorization ?? ''}`.trim());
    if (url?.startsWith('/token')) return response.end('{"token":"t"}');
    return response.writeHead(status, { 'docker-content-digest': digest('a') }).end();
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, authUrl: `${url}/token?service=test`, asked };
}

describe('images', () => {
  it.each(['Dockerfile', 'docker-compose.yml'])('of %s are pinned by digest', (file) => {
    const images = imagesIn(readFileSync(join(ROOT, file), 'utf8'));
    expect(images.length).toBeGreaterThan(0);
    const open = images.filter((image) => !image.digest).map(({ text }) => text);
    expect(open.filter((text) => !WITHOUT_DIGEST.includes(text))).toEqual([]);
  });

  it('are found by their tag, pinned or not', () => {
    expect(imagesIn(TEXT).map(({ text }) => text)).toEqual([
      'acme/one:1.0',
      `two:2.0-slim@${digest('0')}`,
      'two:2.0',
      'three:3',
    ]);
  });

  it('get the digest of their tag, also in place of an older one', async () => {
    const pinned = await withDigests(TEXT, async ({ name }) => digest(name.slice(-1)));
    expect(pinned).toBe(
      TEXT.replace('acme/one:1.0', `acme/one:1.0@${digest('e')}`)
        .replace(digest('0'), digest('o'))
        .replace('two:2.0\n', `two:2.0@${digest('o')}\n`)
        .replace('three:3', `three:3@${digest('e')}`),
    );
  });

  it('are asked for at the registry with a token to read', async () => {
    const { asked, ...place } = await registry(200);
    expect(await registryDigest({ name: 'postgres', tag: '16' }, place)).toBe(digest('a'));
    expect(asked).toEqual([
      'GET /token?service=test&scope=repository:library/postgres:pull',
      'HEAD /v2/library/postgres/manifests/16 Bearer t',
    ]);
  });

  it('are not pinned to what a registry says with an error', async () => {
    const { asked: _asked, ...place } = await registry(404);
    await expect(registryDigest({ name: 'acme/one', tag: '9' }, place)).rejects.toThrow(
      'answered 404 for acme/one:9',
    );
  });
});
