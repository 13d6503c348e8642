import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FastifyReply } from 'fastify';
import type { Api } from '../../deps.ts';
import { languageFor, readWords } from '../hosted/languages.ts';
import { renderPage } from '../hosted/page-html.ts';

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
  'controls.js',
  'dom.js',
  'fields.js',
  'preview.js',
  'question.js',
  'return.js',
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
  servePage(app, link);
  for (const [name, file] of Object.entries(assets)) serveFile(app, `/auth/hosted/assets/${name}`, file);
}

/** The page itself, in the language that is asked for. */
function servePage(app: Api, link: string): void {
  const template = readFileSync(path.join(FOLDER, PAGE), 'utf8');
  const pages = new Map(
    [...readWords(path.join(FOLDER, 'words'))].map(([language, words]) => [
      language,
      renderPage(template, words),
    ]),
  );
  app.get('/auth/hosted/:id', { schema: { hide: true } }, async (request, reply: FastifyReply) => {
    const { lang } = request.query as { lang?: unknown };
    const language = languageFor(lang, request.headers['accept-language']);
    return reply
      .headers({ ...HEADERS, link, 'content-language': language, vary: 'accept-language' })
      .type(TYPES['.html'] ?? '')
      .send(pages.get(language));
  });
}

function serveFile(app: Api, url: string, file: string): void {
  const content = readFileSync(file);
  const type = TYPES[path.extname(file)] ?? 'application/octet-stream';
  app.get(url, { schema: { hide: true } }, async (_request, reply: FastifyReply) =>
    reply.headers(HEADERS).type(type).send(content),
  );
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
