import { SiteError } from './site-error.ts';

const TOKEN_LIFE_MS = 45_000;

export interface AdminCredentials {
  origin: string;
  username: string;
  password: string;
}

/** Keycloak's admin REST interface; paths start after `/admin/realms`. */
export interface KeycloakAdmin {
  get<T>(path: string): Promise<T>;
  post(path: string, body?: object): Promise<void>;
  put(path: string, body: object): Promise<void>;
  delete(path: string): Promise<void>;
  /** @throws {SiteError} where the realm has no such user. */
  userId(realm: string, username: string): Promise<string>;
}

/** @throws {SiteError} in every method, where Keycloak answers with an error. */
export function createKeycloakAdmin(credentials: AdminCredentials): KeycloakAdmin {
  let token: { text: string; getAgainAt: number } | undefined;

  const bearer = async () => {
    if (!token || performance.now() > token.getAgainAt)
      token = { text: await fetchToken(credentials), getAgainAt: performance.now() + TOKEN_LIFE_MS };
    return `Bearer ${token.text}`;
  };
  const ask = async (method: string, path: string, body?: object): Promise<Response> => {
    const answer = await fetch(`${credentials.origin}/admin/realms${path}`, {
      method,
      headers: { authorization: await bearer(), 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (answer.ok) return answer;
    throw new SiteError(`Keycloak answered ${answer.status} to ${method} ${path}: ${await answer.text()}`);
  };
  const send = async (method: string, path: string, body?: object) => {
    await (await ask(method, path, body)).arrayBuffer();
  };
  const get = async <T>(path: string) => (await (await ask('GET', path)).json()) as T;

  return {
    get,
    post: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
    delete: (path) => send('DELETE', path),
    async userId(realm, username) {
      const query = `username=${encodeURIComponent(username)}&exact=true`;
      const [user] = await get<{ id: string }[]>(`/${realm}/users?${query}`);
      if (!user) throw new SiteError(`Realm ${realm} has no user "${username}".`);
      return user.id;
    },
  };
}

async function fetchToken({ origin, username, password }: AdminCredentials): Promise<string> {
  const answer = await fetch(`${origin}/realms/master/protocol/openid-connect/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: 'admin-cli', grant_type: 'password', username, password }),
  });
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  if (!token) throw new SiteError(`Keycloak gave its administrator no token (${answer.status}).`);
  return token;
}
