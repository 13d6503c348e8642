import type { Api } from './deps.ts';
import type { OtherCallers } from './plugins/bearer.ts';
import type { Follow } from './plugins/follow.ts';
import type { RateLimits } from './plugins/rate-limits.ts';
import type { TokenLookup } from './token-lookup.ts';

/** What routes share. */
export interface ApiParts {
  tokens: TokenLookup;
  limits: RateLimits;
  follow: Follow;
}

/** What a capability adds to the API. */
export interface ApiCapability {
  /** Hooks that stand before every route. */
  hooks?(app: Api): Promise<void>;
  /** Routes that ask for no token. */
  open?(app: Api, parts: ApiParts): void;
  /** Routes behind the token check; each names its scope. */
  guarded?(app: Api, parts: ApiParts): void;
  /** Callers without an API token, who are let in to routes of the capability. */
  callers?: OtherCallers;
}
