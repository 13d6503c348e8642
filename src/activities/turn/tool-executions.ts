import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Failure, JsonObject } from '../../contract/index.ts';
import { truncateForModel } from '../../core/turn/truncate.ts';
import type { LedgerRow } from '../../store/store.ts';
import { naming } from '../../tools/files/file-errors.ts';
import { noteAccessOf } from '../../tools/notes/note-access.ts';
import { ExecutionSuperseded, type ToolContext, ToolError, ToolWaits } from '../../tools/tool.ts';
import type { RunToolInput, ToolOutcome, ToolWait } from '../../workflows/turn/turn-activities.ts';
import type { ActivityDeps } from '../deps.ts';
import { abortReason } from '../heartbeat.ts';
import { scopeRefusal } from './acting-token.ts';
import { readFurther } from './further-calls.ts';
import { pinnedDefinition } from './pinned-definition.ts';
import { readBounds } from './read-bounds.ts';

/** What an execution led to: the row in force, or a call that waits and whose row is left as begun. */
export type Executed = LedgerRow | ToolWait;

/** The executions of this worker process: one at a time for each call id. */
export interface ToolExecutions {
  /** Executes a call, or joins the execution of it that runs here already. */
  run(call: RunToolInput, input: Record<string, unknown>, signal: AbortSignal): Promise<Executed>;
  /** Waits for an execution that runs here; undefined when there is none. */
  running(callId: string): Promise<Executed> | undefined;
}

/** The guard around every tool: intent before, result after, by call id; and single flight within the process. */
export function createToolExecutions(deps: ActivityDeps): ToolExecutions {
  const inFlight = new Map<string, Promise<Executed>>();
  return {
    running: (callId) => inFlight.get(callId),
    run(call, input, signal) {
      const known = inFlight.get(call.callId);
      if (known !== undefined) return known;
      const execution = executeOnce(deps, call, input, signal).finally(() => inFlight.delete(call.callId));
      inFlight.set(call.callId, execution);
      return execution;
    },
  };
}

async function executeOnce(
  deps: ActivityDeps,
  call: RunToolInput,
  input: Record<string, unknown>,
  signal: AbortSignal,
): Promise<Executed> {
  const { store, now } = deps;
  const { callId, turnId, tool, idempotent } = call;
  // Before it begins: where the store does not answer, nothing has come of the call yet.
  const refused = await scopeRefusal(store, turnId, deps.tools.get(tool));
  const { begun, row } = await store.ledger.begin({
    callId,
    turnId,
    tool,
    at: now().toISOString(),
    again: idempotent,
  });
  if (!begun) return row;

  const startedAt = performance.now();
  const result = refused ? { error: refused } : await execute(deps, call, input, row, signal);
  if (result === 'cut_short') return row;
  if (result === 'superseded') return (await store.ledger.get(callId)) ?? row;
  if ('waiting' in result) return result;
  const outcome = 'error' in result ? 'error' : 'ok';
  deps.metrics.observeToolCall(tool, outcome, (performance.now() - startedAt) / 1_000);
  return await store.ledger.settle(callId, result, now().toISOString(), row.executions);
}

/** What an execution came to. `cut_short`: by this worker's end; `superseded`: another one took its place. */
type Came = { content: string } | { error: Failure } | ToolWait | 'cut_short' | 'superseded';

async function execute(
  deps: ActivityDeps,
  call: RunToolInput,
  input: Record<string, unknown>,
  row: LedgerRow,
  signal: AbortSignal,
): Promise<Came> {
  const tool = deps.tools.get(call.tool);
  if (!tool) throw new Error(`This worker has no tool "${call.tool}".`);
  const timeout = AbortSignal.timeout(call.timeoutMs);
  const context = contextOf(deps, call, { row, input, signal: AbortSignal.any([signal, timeout]) });
  try {
    await naming('The workspace', () => mkdir(context.workspace, { recursive: true }));
    return { content: await tool.run(input as JsonObject, context) };
  } catch (error) {
    if (error instanceof ExecutionSuperseded) {
      const { turnId, callId, execution } = context;
      deps.log.warn({ turnId, callId, tool: call.tool, execution }, 'a stalled execution was superseded');
      return 'superseded';
    }
    if (isCutShort(signal, call)) return 'cut_short';
    return failureOf(deps, call, error, timeout);
  }
}

/**
 * Whether what the tool did is no result: it was cut short by this worker's end; or by the turn's, and a retry of the turn
 * attempts it again with the same key.
 */
function isCutShort(signal: AbortSignal, { idempotent }: RunToolInput): boolean {
  const reason = abortReason(signal);
  return reason === 'shutdown' || (reason === 'cancelled' && idempotent);
}

interface Execution {
  row: LedgerRow;
  input: Record<string, unknown>;
  signal: AbortSignal;
}

function contextOf(
  deps: ActivityDeps,
  call: RunToolInput,
  { row: { startedAt, executions: execution }, input, signal }: Execution,
): ToolContext {
  const { store, workspacesDir } = deps;
  const { callId, turnId, sessionId, agent } = call;
  return {
    callId,
    turnId,
    sessionId,
    agent,
    workspace: path.join(workspacesDir, agent),
    begunAt: startedAt,
    execution,
    async assertInForce() {
      const row = await store.ledger.get(callId);
      if (row?.state !== 'started' || row.executions !== execution) throw new ExecutionSuperseded();
    },
    further: () => readFurther(deps, call, input as JsonObject),
    noteAccess: async () => noteAccessOf(await pinnedDefinition(deps, turnId)),
    bounds: () => readBounds(deps, call),
    signal,
  };
}

function failureOf(
  { log }: ActivityDeps,
  { callId, turnId, tool, timeoutMs, idempotent }: RunToolInput,
  error: unknown,
  timeout: AbortSignal,
): { error: Failure } | ToolWait {
  if (timeout.aborted)
    return { error: { code: 'tool_timed_out', message: `The tool took longer than ${timeoutMs} ms.` } };
  // A tool that is executed once must not ask to be executed again later: its wait is an error.
  if (error instanceof ToolWaits && idempotent) {
    return { waiting: { untilAt: error.untilAt, lookAfterMs: error.lookAfterMs } };
  }
  if (error instanceof ToolError) return { error: { code: error.code, message: error.message } };
  log.error({ err: error, turnId, callId, tool }, 'tool threw');
  return { error: { code: 'tool_error', message: error instanceof Error ? error.message : String(error) } };
}

/** What the model is told of a settled row. */
export function outcomeOf(row: LedgerRow): ToolOutcome {
  if (row.state === 'completed') {
    const { text, truncated } = truncateForModel(row.content ?? '');
    return { output: text, ...(truncated && { truncated }) };
  }
  if (row.state === 'failed' && row.error) {
    return { error: { code: row.error.code, message: truncateForModel(row.error.message).text } };
  }
  return {
    error: {
      code: 'outcome_unknown',
      message:
        'The process that executed this call was lost, so nobody knows whether it took effect. It was not repeated.',
    },
  };
}
