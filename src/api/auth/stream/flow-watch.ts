import { isFlowEnd } from '../../../contract/index.ts';
import type { FlowRecord, FlowStore } from '../../../store/auth-store.ts';
import type { HintDeps } from '../../stream/hints.ts';
import type { Subscribers } from '../../stream/subscribers.ts';
import { createWatch, type Watch } from '../../stream/watch.ts';
import { type ClientStream, createFlowClients } from './flow-clients.ts';
import { createFlowSource } from './flow-source.ts';

export interface FlowWatchDeps extends HintDeps {
  store: { auth: { flows: Pick<FlowStore, 'get' | 'noteShown'> } };
}

/** The watch of an auth flow. Its source is the flow's row: what is stored is committed, and the newest is enough. */
export interface FlowWatch extends Watch<number> {
  /** Counts a stream of a client. What it is shown is noted before it is written. */
  open(client: string): ClientStream;
}

/** How often is looked without a hint where no feed reaches, in milliseconds. */
const AGAIN_MS = 200;

/** Watches an auth flow until it is disposed of. */
export function createFlowWatch(deps: FlowWatchDeps, { id: flowId }: Pick<FlowRecord, 'id'>): FlowWatch {
  const { flows } = deps.store.auth;
  const frames = createFlowSource();
  const clients = createFlowClients((client, interactionId) =>
    flows.noteShown(flowId, client, interactionId),
  );
  let ended = false;

  const look = async (subscribers: Subscribers<number>) => {
    if (ended) return;
    const flow = await flows.get(flowId);
    if (flow) {
      const { revision, interaction_id: interactionId } = flow.view;
      if (interactionId !== null) await clients.noteShown(interactionId);
      if (revision > frames.revision()) frames.put(flow);
      subscribers.grown();
    }
    // Without its row: it was deleted after its end, which nobody can tell any more.
    ended = flow === undefined || isFlowEnd(flow.view.flow_status);
    if (ended) subscribers.end();
  };

  const watch = createWatch(deps, {
    followed: { flowId },
    frames,
    look,
    handlers: (lookSoon) => ({
      hinted(hint) {
        if (hint.topic === 'auth_flow' && hint.flowId === flowId) lookSoon();
      },
      changed: lookSoon,
      missed: lookSoon,
    }),
    ended: () => ended,
    again: () => !deps.feed.reaches,
    againMs: AGAIN_MS,
  });
  return { ...watch, open: clients.open };
}
