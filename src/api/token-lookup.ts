import type { Token } from '../contract/index.ts';
import { sha256Hex } from '../digest.ts';
import type { ApiDeps } from './deps.ts';

/** How long another process's deletion of a token may go unseen. */
const CACHE_MS = 2_000;
const CACHE_SIZE = 2_000;
const TOUCH_MS = 60_000;

interface Entry {
  token: Token | undefined;
  untilMs: number;
}

/** Finds the token of a secret. */
export interface TokenLookup {
  /** Undefined when there is none; an expired one is found. */
  find(secret: string): Promise<Token | undefined>;
  /** Notes that the token was used, at most once a minute. */
  touch(token: Token): void;
  /** Forgets what was cached, so that a deletion holds at once in this process. */
  clear(): void;
}

/** Looks tokens up by the SHA-256 of their secret, and remembers the answer for 2 s. */
export function createTokenLookup({ store, now, log }: Pick<ApiDeps, 'store' | 'now' | 'log'>): TokenLookup {
  const cache = new Map<string, Entry>();
  const touchedMs = new Map<string, number>();

  const remember = (hash: string, token: Token | undefined) => {
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(hash, { token, untilMs: now().getTime() + CACHE_MS });
    return token;
  };

  return {
    async find(secret) {
      const hash = sha256Hex(secret);
      const entry = cache.get(hash);
      if (entry !== undefined && now().getTime() < entry.untilMs) return entry.token;
      return remember(hash, await store.tokens.findByHash(hash));
    },
    touch(token) {
      const at = now();
      if (at.getTime() - (touchedMs.get(token.id) ?? Number.NEGATIVE_INFINITY) < TOUCH_MS) return;
      touchedMs.set(token.id, at.getTime());
      store.tokens
        .touch(token.id, at.toISOString())
        .catch((error: unknown) =>
          log.warn({ err: error, tokenId: token.id }, 'last use of token not noted'),
        );
    },
    clear: () => cache.clear(),
  };
}
