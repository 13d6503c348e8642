import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FastifyReply } from 'fastify';
import type { Api } from '../../deps.ts';

const ROOT = path.resolve(import.meta.dirname, '../../../..');
const FOLDER = path.join(ROOT, 'web/hosted');
/** The client as pages load it: `scripts/build-client.ts` makes it of `src/client`. */
const CLIENT = path.join(ROOT, 'dist/client');
const PAGE = 'page.html';
/** Every file of the page that is served, and nothing else; beside them the modules of the client. */
const ASSETS = [
  'page.css',
  'main.js',
  'alarm.js',
  'choices.js',
  'dom.js',
  'fields.js',
  'question.js',
  'screen.js',
  'session.js',
  'words.js',
];
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/** The page handles codes and secrets: no foreign script runs in it, no other page frames it, and no referrer is sent. */
const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

/**
 * The page on which a person answers a login: the same for every connection, so no token is asked for. Its script
 * exchanges the code in the address.
 */
export function hostedRoutes(app: Api): void {
  const assets: Record<string, string> = Object.fromEntries([
    ...ASSETS.map((name) => [name, path.join(FOLDER, name)]),
    ...clientModules().map((name) => [`client/${name}`, path.join(CLIENT, name)]),
  ]);
  // A page of many small modules has them all on their way at once.
  const link = Object.keys(assets)
    .filter((name) => name.endsWith('.js'))
    .map((name) => `<assets/${name}>; rel=modulepreload`)
    .join(', ');
  const serve = (url: string, file: string, headers: Record<string, string>) => {
    const content = readFileSync(file);
    const type = TYPES[path.extname(file)] ?? 'application/octet-stream';
    app.get(url, { schema: { hide: true } }, async (_request, reply: FastifyReply) =>
      reply.headers(headers).type(type).send(content),
    );
  };
  serve('/auth/hosted/:id', path.join(FOLDER, PAGE), { ...HEADERS, link });
  for (const [name, file] of Object.entries(assets)) serve(`/auth/hosted/assets/${name}`, file, HEADERS);
}

/** Files of the client that a page can load. */
function clientModules(): string[] {
  try {
    const names = readdirSync(CLIENT, { recursive: true, encoding: 'utf8' });
    return names.filter((name) => name.endsWith('.js')).map((name) => name.replaceAll(path.sep, '/'));
  } catch (error) {
    throw new Error(`${CLIENT} is not there: run node scripts/setup.mjs.`, { cause: error });
  }
}
