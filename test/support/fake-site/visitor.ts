import { load, type Page } from './visitor-page.ts';

/** Somebody with a cookie jar and without a browser. */
export interface Visitor {
  /** Follows redirects, over origins too. `url` may be a path of the last page's origin. */
  get(url: string): Promise<Page>;
  /** Posts a form, with the hidden fields of the last page of this visitor, and follows redirects. */
  post(url: string, fields: Record<string, string>): Promise<Page>;
  /** Posts JSON. */
  postJson(url: string, body: unknown): Promise<Page>;
}

interface Cookie {
  host: string;
  path: string;
  value: string;
}

/** A visitor who starts at an origin; `headers` go with every request. */
export function createVisitor(origin: string, headers: Record<string, string> = {}): Visitor {
  const jar = new Map<string, Cookie>();
  let at = new URL(origin);
  let last: Page | undefined;

  const send = async (target: string, init: RequestInit): Promise<Page> => {
    const url = new URL(target, at);
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...headers, ...init.headers, cookie: cookiesFor(jar, url) },
    });
    keepCookies(jar, url, response);
    at = url;
    const next = response.headers.get('location');
    if (next !== null) {
      await response.body?.cancel();
      return send(next, { method: 'GET' });
    }
    last = await load(url, response);
    return last;
  };

  return {
    get: (url) => send(url, { method: 'GET' }),
    post: (url, fields) =>
      send(url, { method: 'POST', body: new URLSearchParams({ ...last?.hiddenFields, ...fields }) }),
    postJson: (url, body) =>
      send(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
  };
}

function cookiesFor(jar: Map<string, Cookie>, url: URL): string {
  return [...jar.values()]
    .filter(({ host, path }) => host === url.hostname && url.pathname.startsWith(path))
    .map(({ value }) => value)
    .join('; ');
}

function keepCookies(jar: Map<string, Cookie>, url: URL, response: Response): void {
  for (const line of response.headers.getSetCookie()) {
    const [value = '', ...attributes] = line.split('; ');
    const path = attributes.find((attribute) => attribute.startsWith('Path='))?.slice('Path='.length) ?? '/';
    const key = `${url.hostname} ${path}`;
    if (attributes.includes('Max-Age=0')) jar.delete(key);
    else jar.set(key, { host: url.hostname, path, value });
  }
}
