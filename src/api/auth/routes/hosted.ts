import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FastifyReply } from 'fastify';
import type { Api } from '../../deps.ts';
import { languageFor, readWords } from '../hosted/languages.ts';
import { renderPage } from '../hosted/page-html.ts';
import { themeCss } from '../hosted/palette.ts';
import type { Branding } from '../hosted/read-branding.ts';
import type { HostedSettings } from '../hosted/settings.ts';

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

/** A picture that is opened by itself is a page of this origin, and an SVG one may hold scripts: they do not run. */
const PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

/**
 * The page on which a person answers a login: the same for every connection, so no token is asked for. Its script
 * exchanges the code in the address.
 */
export function hostedRoutes(app: Api, { branding }: HostedSettings): void {
  const assets: Record<string, string> = Object.fromEntries([
    ...ASSETS.map((name) => [name, path.join(FOLDER, name)]),
    ...clientModules().map((name) => [`client/${name}`, path.join(CLIENT, name)]),
  ]);
  // A page of many small modules has them all on their way at once.
  const link = Object.keys(assets)
    .filter((name) => name.endsWith('.js'))
    .map((name) => `<assets/${name}>; rel=modulepreload`)
    .join(', ');
  servePage(app, link, branding);
  serveTheme(app, branding);
  for (const [name, file] of Object.entries(assets)) serveFile(app, `/auth/hosted/assets/${name}`, file);
}

/** The page itself, in the language that is asked for. */
function servePage(app: Api, link: string, branding: Branding): void {
  const template = readFileSync(path.join(FOLDER, PAGE), 'utf8');
  const pages = new Map(
    [...readWords(path.join(FOLDER, 'words'))].map(([language, words]) => [
      language,
      renderPage(template, words, branding),
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

/** What the operator has set: colours, and a logo, which may be anything that a picture can hold. */
function serveTheme(app: Api, { colors, logo }: Branding): void {
  const content = themeCss(colors);
  serve(app, '/auth/hosted/assets/theme.css', { type: TYPES['.css'] ?? '', content, headers: HEADERS });
  const headers = { ...HEADERS, 'content-security-policy': PICTURE_POLICY };
  if (logo) serve(app, '/auth/hosted/assets/logo', { ...logo.light, headers });
  if (logo?.dark) serve(app, '/auth/hosted/assets/logo-dark', { ...logo.dark, headers });
}

function serveFile(app: Api, url: string, file: string): void {
  const content = readFileSync(file);
  const type = TYPES[path.extname(file)] ?? 'application/octet-stream';
  serve(app, url, { type, content, headers: HEADERS });
}

interface Served {
  type: string;
  content: string | Buffer;
  headers: Record<string, string>;
}

function serve(app: Api, url: string, { type, content, headers }: Served): void {
  app.get(url, { schema: { hide: true } }, async (_request, reply: FastifyReply) =>
    reply.headers(headers).type(type).send(content),
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
