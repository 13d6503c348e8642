import { randomUUID } from 'node:crypto';

/** One browser's session in one scenario, logged in or on its way. */
export interface Session {
  id: string;
  readonly scenario: string;
  /** Who is logged in. */
  username?: string;
  /** Since when; Unix milliseconds. */
  loggedInAt?: number;
  /** Until when, where the session ends by itself; Unix milliseconds. */
  endsAt?: number;
  /** What the login has come to so far. */
  pending: Map<string, string>;
}

/** What tests see of a session. */
export interface SessionInfo {
  username: string;
  loggedInAt: number;
  endsAt?: number;
}

/** The sessions of all scenarios. */
export interface Sessions {
  open(scenario: string): Session;
  find(scenario: string, id: string | undefined): Session | undefined;
  /** Marks the session as logged in and gives it a new id, as sites do against session fixation. */
  logIn(session: Session, username: string, endsAt?: number): void;
  end(session: Session): void;
  /** Ends logged-in sessions (of one scenario, of one user) as a server-side timeout does. Returns how many. */
  expire(scenario?: string, username?: string): number;
  loggedIn(scenario?: string): SessionInfo[];
  /** Sessions of which a pending fact has a value. */
  pendingWith(scenario: string, key: string, value: string): Session[];
  reset(): void;
}

/** Keeps sessions in memory. */
export function createSessions(now: () => number): Sessions {
  const byId = new Map<string, Session>();
  const isOver = (session: Session): boolean => session.endsAt !== undefined && session.endsAt <= now();
  const inScenario = (scenario?: string): Session[] => {
    for (const [id, session] of byId) if (isOver(session)) byId.delete(id);
    return [...byId.values()].filter((session) => scenario === undefined || session.scenario === scenario);
  };
  return {
    open(scenario) {
      const session: Session = { id: randomUUID(), scenario, pending: new Map() };
      byId.set(session.id, session);
      return session;
    },
    find(scenario, id) {
      const session = byId.get(id ?? '');
      return session === undefined || session.scenario !== scenario || isOver(session) ? undefined : session;
    },
    logIn(session, username, endsAt) {
      byId.delete(session.id);
      session.id = randomUUID();
      session.username = username;
      session.loggedInAt = now();
      if (endsAt !== undefined) session.endsAt = endsAt;
      session.pending.clear();
      byId.set(session.id, session);
    },
    end: (session) => void byId.delete(session.id),
    expire(scenario, username) {
      const ended = inScenario(scenario).filter(
        (session) =>
          session.username !== undefined && (username === undefined || session.username === username),
      );
      for (const { id } of ended) byId.delete(id);
      return ended.length;
    },
    loggedIn: (scenario) => inScenario(scenario).flatMap(infoOf),
    pendingWith: (scenario, key, value) =>
      inScenario(scenario).filter(({ pending }) => pending.get(key) === value),
    reset: () => byId.clear(),
  };
}

function infoOf({ username, loggedInAt, endsAt }: Session): SessionInfo[] {
  if (username === undefined || loggedInAt === undefined) return [];
  return [{ username, loggedInAt, ...(endsAt === undefined ? {} : { endsAt }) }];
}
