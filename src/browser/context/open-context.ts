import type { LoginContext } from './login-context.ts';
import type { Release } from './slots.ts';

/** How a context ended. */
export type ContextEnd = 'closed' | 'crashed';

/** What watchers of a context are told: its end; or `wanted`, while it is open: another login needs its slot. */
export type ContextNews = ContextEnd | 'wanted';

type Watcher = (news: ContextNews) => void;

/** An open context, and what is done with it. */
export interface OpenContext {
  readonly login: LoginContext;
  readonly release: Release;
  /** Calls that are using it. */
  users: number;
  readonly watchers: Set<Watcher>;
  /** Its watchers were told `wanted`, and it has not been used since. */
  isWanted: boolean;
  idleTimer?: NodeJS.Timeout;
}

export function newOpenContext(login: LoginContext, release: Release): OpenContext {
  return { login, release, users: 0, watchers: new Set(), isWanted: false };
}

export function notifyWatchers({ watchers }: OpenContext, news: ContextNews): void {
  for (const notify of [...watchers]) notify(news);
}

/** Tells the watchers of as many idle contexts as are needed, those open longest first, that their slots are wanted. */
export function requestSlots(contexts: Iterable<OpenContext>, needed: number): void {
  const all = [...contexts];
  const wanted = all.filter(({ isWanted }) => isWanted).length;
  const idle = all.filter(({ users, watchers, isWanted }) => users === 0 && watchers.size > 0 && !isWanted);
  for (const each of idle.slice(0, Math.max(needed - wanted, 0))) {
    each.isWanted = true;
    notifyWatchers(each, 'wanted');
  }
}
