import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { LogAnswer, LogCursor } from '../../core/turn/turn-log.ts';
import { eventsSinceQuery } from '../../workflows/turn/messages.ts';
import { translate } from '../engine-errors.ts';
import { type Names, UNNAMED } from '../names.ts';

/** How long a query may wait for a worker where nothing else waits for it, in milliseconds. */
const QUERY_WAIT_MS = 10_000;
/** The server answers a long poll after 20 s at the latest; the client asks again. */
const LONG_POLL_MS = 30_000;

/** What has a workflow that readers follow. */
export type Followed = { turnId: string } | { flowId: string };

/** Read-only door to the workflows, for streams. */
export interface TurnObserver {
  /** Events behind a cursor, by query. Throws TurnClosed, EngineUnavailable (no worker within `waitMs`, by default 10 s). */
  eventsSince(turnId: string, reader: LogCursor, waitMs?: number): Promise<LogAnswer>;
  /**
   * Waits until the workflow of a turn or flow may have something new (`changed`), or has closed (`closed`).
   * With `closeOnly` just for the close. Ends when the signal is aborted. Throws EngineUnavailable.
   */
  follow(
    followed: Followed,
    options: { closeOnly: boolean; signal: AbortSignal },
  ): AsyncIterable<'changed' | 'closed'>;
}

export function createTurnObserver(client: Client, names: Names = UNNAMED): TurnObserver {
  return {
    async eventsSince(turnId, reader, waitMs = QUERY_WAIT_MS) {
      const handle = client.workflow.getHandle(names.turnWorkflowId(turnId));
      try {
        return await client.withDeadline(Date.now() + waitMs, () => handle.query(eventsSinceQuery, reader));
      } catch (error) {
        throw translate(error);
      }
    },
    follow: (followed, options) =>
      followHistory(
        client,
        'turnId' in followed
          ? names.turnWorkflowId(followed.turnId)
          : names.authFlowWorkflowId(followed.flowId),
        options,
      ),
  };
}

/** Long polls the history: no worker is asked, and a close is seen that no workflow could tell of. */
async function* followHistory(
  client: Client,
  workflowId: string,
  { closeOnly, signal }: { closeOnly: boolean; signal: AbortSignal },
): AsyncIterable<'changed' | 'closed'> {
  let token: Uint8Array = new Uint8Array();
  while (!signal.aborted) {
    const page = await longPoll(client, { workflowId, closeOnly, token, signal });
    if (page === 'aborted') return;
    if (page === 'gone') {
      yield 'closed';
      return;
    }
    token = page.nextPageToken ?? new Uint8Array();
    const last = page.history?.events?.at(-1);
    const continued = last?.workflowExecutionContinuedAsNewEventAttributes != null;
    // After continue-as-new the poll begins anew, by workflow id.
    if (token.length === 0 && !continued) {
      yield 'closed';
      return;
    }
    if (last) yield 'changed';
  }
}

interface Poll {
  workflowId: string;
  closeOnly: boolean;
  token: Uint8Array;
  signal: AbortSignal;
}

async function longPoll(client: Client, { workflowId, closeOnly, token, signal }: Poll) {
  try {
    return await client.withAbortSignal(signal, () =>
      client.withDeadline(Date.now() + LONG_POLL_MS, () =>
        client.workflowService.getWorkflowExecutionHistory({
          namespace: client.options.namespace,
          execution: { workflowId },
          waitNewEvent: true,
          // 2: only the close event; 1: every event.
          historyEventFilterType: closeOnly ? 2 : 1,
          skipArchival: true,
          nextPageToken: token,
        }),
      ),
    );
  } catch (error) {
    if (signal.aborted) return 'aborted';
    const meaning = translate(error);
    if (meaning.name === 'TurnClosed' || error instanceof WorkflowNotFoundError) return 'gone';
    throw meaning;
  }
}
