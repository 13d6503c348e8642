/** An answer that is no success. `code` is the problem's, where there is one. */
export class Refusal extends Error {
  constructor(status, code) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
  }
}

/** How often a call is repeated whose answer never came, or came as "not now", and how long apart, in milliseconds. */
const REPEAT_AFTER_MS = [500, 1_000, 2_000];
/** How long one call may take, in milliseconds. */
const PATIENCE_MS = 20_000;

const isPassing = (error) => !(error instanceof Refusal) || error.status === 429 || error.status === 503;

/** The routes of one connection, below `base`. */
export function createApi(base, connectionId) {
  const root = `${base}/auth/connections/${encodeURIComponent(connectionId)}`;

  const call = async (path, { jwt, ...init }) => {
    const response = await fetch(root + path, {
      cache: 'no-store',
      credentials: 'omit',
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...init,
      headers: {
        accept: 'application/json',
        ...(jwt && { authorization: `Bearer ${jwt}` }),
        ...(init.body && { 'content-type': 'application/json' }),
        ...init.headers,
      },
    });
    if (response.ok) return response;
    const problem = await response.json().catch(() => ({}));
    throw new Refusal(response.status, problem.code);
  };
  const post = async (path, { jwt, value }) => {
    const body = JSON.stringify(value);
    for (const waitMs of [...REPEAT_AFTER_MS, undefined]) {
      try {
        return await call(path, { jwt, method: 'POST', body });
      } catch (error) {
        if (!isPassing(error) || waitMs === undefined) throw error;
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
    }
  };

  return {
    /** The session token of a hand-off code. The same call again within seconds is answered the same. */
    exchange: async (code) => (await (await post('/exchange', { value: { code } })).json()).jwt,
    read: async (jwt) => (await call('', { jwt })).json(),
    /** The same answer again is taken as the same. */
    submit: (jwt, answer) => post('/submit', { jwt, value: answer }),
    /** The open stream; `signal` ends it. */
    events: (jwt, signal) => call('/events', { jwt, signal, headers: { accept: 'text/event-stream' } }),
  };
}
