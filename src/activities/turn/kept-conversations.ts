import { type BuiltConversation, memoryOf } from '../../models/built-conversation.ts';

export interface KeepingTerms {
  /** Most memory that the conversations of a process take, in bytes. */
  mostBytes: number;
  /** How long one that nobody asks for is kept, in milliseconds. */
  idleMs: number;
}

/** The conversations of a process that were asked for last, one a session. */
export interface KeptConversations {
  get(sessionId: string): BuiltConversation | undefined;
  /** Takes the place of the session's earlier one. One that takes more than the whole room is not kept. */
  put(built: BuiltConversation): void;
  drop(sessionId: string): void;
  /** Memory that they take, in bytes; estimated. */
  bytes(): number;
}

interface Kept {
  built: BuiltConversation;
  bytes: number;
  usedAtMs: number;
}

/** Keeps conversations up to so much memory: the ones that were not asked for longest go first, idle ones by themselves. */
export function createKeptConversations({ mostBytes, idleMs }: KeepingTerms): KeptConversations {
  // In the order of their last use.
  const bySession = new Map<string, Kept>();
  let bytes = 0;
  let timer: NodeJS.Timeout | undefined;

  const drop = (sessionId: string) => {
    bytes -= bySession.get(sessionId)?.bytes ?? 0;
    bySession.delete(sessionId);
  };
  const dropIdle = () => {
    timer = undefined;
    const since = performance.now() - idleMs;
    for (const [sessionId, { usedAtMs }] of bySession) {
      if (usedAtMs > since) break;
      drop(sessionId);
    }
    watchIdle();
  };
  /** A deleted session's content stays in no process for long. */
  const watchIdle = () => {
    if (timer === undefined && bySession.size > 0) timer = setTimeout(dropIdle, idleMs).unref();
  };
  const keep = (built: BuiltConversation, size: number) => {
    drop(built.sessionId);
    bySession.set(built.sessionId, { built, bytes: size, usedAtMs: performance.now() });
    bytes += size;
  };

  return {
    get(sessionId) {
      const kept = bySession.get(sessionId);
      if (kept) keep(kept.built, kept.bytes);
      return kept?.built;
    },
    put(built) {
      const size = memoryOf(built);
      if (size > mostBytes) return drop(built.sessionId);
      keep(built, size);
      for (const sessionId of bySession.keys()) {
        if (bytes <= mostBytes) break;
        drop(sessionId);
      }
      watchIdle();
    },
    drop,
    bytes: () => bytes,
  };
}
