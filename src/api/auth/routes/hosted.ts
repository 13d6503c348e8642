import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { FastifyReply } from 'fastify';
import type { Api } from '../../deps.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../../../web/hosted');
const PAGE = 'page.html';
/** Every file that is served, and nothing else. */
const ASSETS = [
  'page.css',
  'main.js',
  'api.js',
  'choices.js',
  'dom.js',
  'fields.js',
  'follow.js',
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

/** The page shows and takes capabilities and secrets: nothing from elsewhere runs in it, frames it, or hears of it. */
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
  const serve = (url: string, file: string) => {
    const content = readFileSync(path.join(FOLDER, file));
    const type = TYPES[path.extname(file)] ?? 'application/octet-stream';
    app.get(url, { schema: { hide: true } }, async (_request, reply: FastifyReply) =>
      reply.headers(HEADERS).type(type).send(content),
    );
  };
  serve('/auth/hosted/:id', PAGE);
  for (const file of ASSETS) serve(`/auth/hosted/assets/${file}`, file);
}
