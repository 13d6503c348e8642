/** Keeps the session of a tab, so that a reload goes on where it was. */
export function createSession(connectionId, storage = tabStorage()) {
  const key = `longturn:${connectionId}`;
  const kept = () => JSON.parse(storage.getItem(key) ?? '{}');
  const keep = (value) => storage.setItem(key, JSON.stringify(value));
  return {
    /**
     * The session token: of the code in the address where it is a new one, else the kept one. Undefined without either.
     * Throws the refusal of the exchange.
     */
    async token(code, exchange) {
      if (code !== undefined && code !== kept().code) keep({ code });
      const { code: known, jwt } = kept();
      if (jwt !== undefined || known === undefined) return jwt;
      const fresh = await exchange(known);
      keep({ code: known, jwt: fresh });
      return fresh;
    },
  };
}

/** The code in the address, which is taken out of it: it is worth a login, and addresses are kept and shared. */
export function takeCode() {
  const url = new URL(location.href);
  const code = url.searchParams.get('code') ?? undefined;
  url.searchParams.delete('code');
  history.replaceState(null, '', url);
  return code;
}

/** The tab's storage; memory where the browser refuses it. */
function tabStorage() {
  try {
    sessionStorage.getItem('');
    return sessionStorage;
  } catch {
    const values = new Map();
    return { getItem: (key) => values.get(key) ?? null, setItem: (key, value) => values.set(key, value) };
  }
}
