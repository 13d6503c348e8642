/** Most streams of one client on one flow; one more closes the oldest. */
const MOST_STREAMS = 20;

/** A stream of a client, for as long as it is open. */
export interface Seat extends Disposable {
  /** Aborted when the client has opened too many streams since. */
  readonly gone: AbortSignal;
}

/** Who reads one flow, by the name of the client. */
export interface FlowClients {
  seat(client: string): Seat;
  /** Notes that each client is shown an interaction, once; also for those who come while the others are noted. */
  noteShown(interactionId: string): Promise<void>;
}

export function createFlowClients(
  note: (client: string, interactionId: string) => Promise<void>,
): FlowClients {
  const clients = new Map<string, { streams: Set<AbortController>; shown?: string }>();

  return {
    seat(client) {
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
      // A map tells also of what is added while it is walked.
      for (const [client, entry] of clients) {
        if (entry.shown === interactionId) continue;
        await note(client, interactionId);
        entry.shown = interactionId;
      }
    },
  };
}
