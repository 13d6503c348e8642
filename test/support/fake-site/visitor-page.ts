/** What a visitor without a browser sees. */
export interface Page {
  status: number;
  /** Path and query of the page after all redirects. */
  path: string;
  origin: string;
  body: string;
  hiddenFields: Record<string, string>;
}

/** Reads an answer. */
export async function load(url: URL, response: Response): Promise<Page> {
  const body = await response.text();
  const hidden = [...body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  return {
    status: response.status,
    path: url.pathname + url.search,
    origin: url.origin,
    body,
    hiddenFields: Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value])),
  };
}
