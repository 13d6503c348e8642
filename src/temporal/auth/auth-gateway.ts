import type { Actor, Answer, FlowView, Stuck } from '../../contract/index.ts';
import type { FlowLimits } from '../../core/auth/connection-facts.ts';
import type { Delivery } from '../turn/turn-gateway.ts';

export type { FlowLimits };

/**
 * How API and activities reach the workflows of managed auth. Throws `MessageRefused` (with the code to answer),
 * `TurnClosed` (the workflow is closed: ask the store), `EngineUnavailable` (no answer within 10 s).
 */
export interface AuthGateway {
  /** Begins a login; starts the connection's workflow where it does not run. Answers the flow's first view. */
  login(request: {
    connectionId: string;
    flowId: string;
    /** The newest flow, where the store says that it has ended: its workflow may not be closed yet. */
    ended?: string;
    hostedUrl: string | null;
    limits: FlowLimits;
    by: Actor;
  }): Promise<FlowView>;
  /**
   * Answers an interaction; the same `updateId` again is answered the same. Answers the view that it led to; `accepted`
   * where no worker answers in time: the flow accepts it, or drops it, once a worker is there.
   */
  submit(
    flowId: string,
    submit: { interactionId?: string; answer: Answer; updateId: string; by: Actor; via: string },
  ): Promise<Delivery<FlowView>>;
  /** Abandons a flow; `accepted` as in {@link AuthGateway.submit}. */
  cancel(flowId: string, by: Actor): Promise<Delivery<FlowView>>;
  /** Asks for a check now; starts the connection's workflow where it does not run. */
  check(connectionId: string, by: Actor): Promise<void>;
  /** Starts the connection's workflow where it does not run; true when this call started it. */
  ensure(connectionId: string): Promise<boolean>;
  /** Notifies a running connection that its settings have changed. */
  configured(connectionId: string): Promise<void>;
  /** Ends a running connection's workflow. */
  close(connectionId: string): Promise<void>;
  /**
   * Why an open workflow is stuck; undefined where it is not. Throws `TurnClosed`, and `EngineUnavailable` after 1 s, since
   * requests wait for it.
   */
  stuck(of: { flowId: string } | { connectionId: string }): Promise<Stuck | undefined>;
  /** Whether a flow's workflow is still running. */
  isOpen(flowId: string): Promise<boolean>;
}
