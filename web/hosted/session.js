/** Keeps the session of a tab, so that a reload goes on where it was. */
export function createSession(connectionId, storage = tabStorage()) {
  const key = `longturn:${connectionId}`;
  const kept = () => JSON.parse(storage.getItem(key) ?? '{}');
  const keep = (value) => storage.setItem(key, JSON.stringify(value));
  return {
    /**
     * What the code in the address was exchanged for (`jwt`, and where the person goes afterwards), where it is a new
     * one, else what is kept. Undefined without either. Throws the refusal of the exchange.
     */
    async open(code, exchange) {
      if (code !== undefined && code !== kept().code) keep({ code });
      const { code: known, ...session } = kept();
      if (session.jwt !== undefined) return session;
      if (known === undefined) return undefined;
      const { jwt, success_url, state } = await exchange(known);
      keep({ code: known, jwt, success_url, state });
      return { jwt, success_url, state };
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
