import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Failure } from '../contract/index.ts';
import type { LedgerRow } from '../store/store.ts';
import { ToolError, ToolWaits } from '../tools/tool.ts';
import { truncateForModel } from '../workflows/truncate.ts';
import type { RunToolInput, ToolOutcome, ToolWait } from '../workflows/turn-activities.ts';
import type { ActivityDeps } from './deps.ts';
import { abortReason } from './heartbeat.ts';

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
  const { begun, row } = await store.ledger.begin({
    callId,
    turnId,
    tool,
    at: now().toISOString(),
    again: idempotent,
  });
  if (!begun) return row;

  const startedAt = performance.now();
  const result = await execute(deps, call, input, row.startedAt, signal);
  if (!result) return row;
  if ('waiting' in result) return result;
  const outcome = 'error' in result ? 'error' : 'ok';
  deps.metrics.observeToolCall(tool, outcome, (performance.now() - startedAt) / 1_000);
  return await store.ledger.settle(callId, result, now().toISOString());
}

async function execute(
  { tools, workspacesDir, log }: ActivityDeps,
  call: RunToolInput,
  input: Record<string, unknown>,
  begunAt: string,
  signal: AbortSignal,
): Promise<{ content: string } | { error: Failure } | ToolWait | undefined> {
  const { callId, turnId, sessionId, agent } = call;
  const tool = tools.get(call.tool);
  if (!tool) throw new Error(`This worker has no tool "${call.tool}".`);
  const parsed = tool.input.safeParse(input);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`,
    );
    return { error: { code: 'invalid_input', message: problems.join('; ') } };
  }
  const workspace = path.join(workspacesDir, agent);
  const timeout = AbortSignal.timeout(call.timeoutMs);
  try {
    await mkdir(workspace, { recursive: true });
    const context = {
      callId,
      turnId,
      sessionId,
      agent,
      workspace,
      begunAt,
      signal: AbortSignal.any([signal, timeout]),
    };
    return { content: await tool.run(parsed.data, context) };
  } catch (error) {
    // Cut short by this worker's end: what it did is not a result.
    if (abortReason(signal) === 'shutdown') return undefined;
    if (timeout.aborted)
      return {
        error: { code: 'tool_timed_out', message: `The tool took longer than ${call.timeoutMs} ms.` },
      };
    // Of another tool nobody may begin a second execution: that it waits is its mistake.
    if (error instanceof ToolWaits && call.idempotent) {
      return { waiting: { untilAt: error.untilAt, lookAfterMs: error.lookAfterMs } };
    }
    if (error instanceof ToolError) return { error: { code: error.code, message: error.message } };
    log.error({ err: error, turnId, callId, tool: call.tool }, 'tool threw');
    return { error: { code: 'tool_error', message: error instanceof Error ? error.message : String(error) } };
  }
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
