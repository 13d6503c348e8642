import type { Approval, ListApprovalsQuery } from '../../contract/index.ts';
import type { Store } from '../../store/store.ts';
import { aborted } from './aborted.ts';
import { type HintDeps, subscribeToFeed } from './hints.ts';
import type { StreamReader } from './readers.ts';
import { createWakeUp } from './wake-up.ts';

/** Where no feed reaches: how often the inbox is looked at, in milliseconds. */
const UNHINTED_MS = 500;

/**
 * Streams the inbox: first its state, then `approval.requested` for each record that comes into it and
 * `approval.resolved` for each that leaves it. Without cursors: whoever connects again starts from the state.
 */
export async function streamApprovals(
  deps: HintDeps & { store: Pick<Store, 'approvals'> },
  query: ListApprovalsQuery,
  reader: StreamReader,
): Promise<void> {
  const { store, feed, log } = deps;
  let known: Map<string, Approval> | undefined;

  const look = async () => {
    const now = await inbox(store, query);
    if (known) await writeChanges(store, known, now, reader);
    else reader.send({ event: 'snapshot', data: { type: 'snapshot', items: [...now.values()] } });
    known = now;
  };

  await using wakeUp = createWakeUp(look, {
    retryMs: UNHINTED_MS,
    again: () => !feed.reaches,
    againMs: UNHINTED_MS,
    failed: (error) => log.debug({ err: error }, 'inbox not readable at the moment'),
  });
  using _subscription = subscribeToFeed(deps, {
    hinted(hint) {
      if (hint.topic === 'approvals') wakeUp.hint();
    },
    missed: wakeUp.hint,
  });
  await aborted(reader.gone);
}

async function writeChanges(
  { approvals }: Pick<Store, 'approvals'>,
  before: Map<string, Approval>,
  now: Map<string, Approval>,
  reader: StreamReader,
): Promise<void> {
  for (const approval of now.values()) {
    if (!before.has(approval.callId)) reader.send({ event: 'approval.requested', data: approval });
  }
  for (const callId of before.keys()) {
    const left = now.has(callId) ? undefined : await approvals.get(callId);
    if (left) reader.send({ event: 'approval.resolved', data: left });
  }
}

async function inbox(
  { approvals }: Pick<Store, 'approvals'>,
  query: ListApprovalsQuery,
): Promise<Map<string, Approval>> {
  const all = new Map<string, Approval>();
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await approvals.list({ ...query, limit: 200, ...(cursor !== undefined && { cursor }) });
    for (const approval of page.items) all.set(approval.callId, approval);
    cursor = page.nextCursor;
  }
  return all;
}
