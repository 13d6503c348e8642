import type { BrowserState } from '../../browser/login-browser.ts';

interface Cookie {
  name: string;
  domain: string;
  path: string;
}
interface OriginStorage {
  origin: string;
}
interface Storage {
  cookies: Cookie[];
  origins: OriginStorage[];
}

/**
 * Merges what a login changed into the state that is saved by now. Three-way: what the login has not changed is taken from the
 * saved state, which another login of the same profile may have changed; cookies one by one, storage by origin.
 */
export function mergeStates(
  loaded: BrowserState | undefined,
  saved: BrowserState | undefined,
  captured: BrowserState,
): BrowserState {
  if (!saved) return captured;
  const [from, now, next] = [storageOf(loaded), storageOf(saved), storageOf(captured)];
  const httpAuth = merge(
    loaded?.httpAuth ?? [],
    saved.httpAuth ?? [],
    captured.httpAuth ?? [],
    ({ origin }) => origin,
  );
  return {
    ...captured,
    ...(httpAuth.length > 0 && { httpAuth }),
    storage: {
      cookies: merge(from.cookies, now.cookies, next.cookies, ({ name, domain, path }) =>
        JSON.stringify([domain, path, name]),
      ),
      origins: merge(from.origins, now.origins, next.origins, ({ origin }) => origin),
    },
    sessionStorage: Object.fromEntries(
      merge(
        Object.entries(loaded?.sessionStorage ?? {}),
        Object.entries(saved.sessionStorage),
        Object.entries(captured.sessionStorage),
        ([origin]) => origin,
      ),
    ),
  };
}

function merge<T>(from: T[], now: T[], next: T[], keyOf: (item: T) => string): T[] {
  const index = (items: T[]) => new Map(items.map((item) => [keyOf(item), item]));
  const [loaded, saved, captured] = [index(from), index(now), index(next)];
  const keys = new Set([...saved.keys(), ...captured.keys()]);
  return [...keys].flatMap((key) => {
    const untouched = same(loaded.get(key), captured.get(key));
    const chosen = untouched ? saved.get(key) : captured.get(key);
    return chosen === undefined ? [] : [chosen];
  });
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function storageOf(state: BrowserState | undefined): Storage {
  const storage = state?.storage as Partial<Storage> | undefined;
  return { cookies: storage?.cookies ?? [], origins: storage?.origins ?? [] };
}
