import type { Html } from './html.ts';

/** An answer that is ready to be sent. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** How long the answer is delayed. */
  delayMs?: number;
  /** No answer is ever sent; the connection stays open. */
  never?: true;
}

/** A page. */
export function htmlReply(page: Html, status = 200): Reply {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page.markup };
}

/** An answer to a script. */
export function jsonReply(value: unknown, status = 200): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** 302, as sites send a stranger to the login. */
export function found(location: string): Reply {
  return { status: 302, headers: { location }, body: '' };
}

/** 303, as sites answer a form. */
export function seeOther(location: string): Reply {
  return { status: 303, headers: { location }, body: '' };
}
