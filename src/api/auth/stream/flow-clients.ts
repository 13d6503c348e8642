/** Most streams of one client on one flow; one more closes the oldest. */
const MOST_STREAMS = 20;

/** A stream of a client, for as long as it is open. */
export interface ClientStream extends Disposable {
  /** Aborted when the client has opened too many streams since. */
  readonly gone: AbortSignal;
}

/** Who reads one flow, by the name of the client. */
export interface FlowClients {
  open(client: string): ClientStream;
  /** Notes that each client is shown an interaction, once; also for those who come while the others are noted. */
  noteShown(interactionId: string): Promise<void>;
}

export function createFlowClients(
  note: (client: string, interactionId: string) => Promise<void>,
): FlowClients {
  const clients = new Map<string, { streams: Set<AbortController>; shown?: string }>();

  return {
    open(client) {
      const entry = clients.get(client) ?? { streams: new Set<AbortController>() };
      clients.set(client, entry);
      const leave = new AbortController();
      entry.streams.add(leave);
      const [oldest] = entry.streams;
      if (entry.streams.size > MOST_STREAMS && oldest) {
        entry.streams.delete(oldest);
        oldest.abort();
      }
      return {
        gone: leave.signal,
        [Symbol.dispose]() {
          entry.streams.delete(leave);
          if (entry.streams.size === 0 && clients.get(client) === entry) clients.delete(client);
        },
      };
    },
    async noteShown(interactionId) {
      // A map that is iterated yields what is added meanwhile.
      for (const [client, entry] of clients) {
        if (entry.shown === interactionId) continue;
        await note(client, interactionId);
        entry.shown = interactionId;
      }
    },
  };
}
