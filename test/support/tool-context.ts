import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NoteTerms } from '../../src/contract/index.ts';
import { type Bounds, DEFAULT_BOUNDS } from '../../src/tools/bounds.ts';
import { noteAccessOf } from '../../src/tools/notes/note-access.ts';
import { type Tool, type ToolContext, ToolError } from '../../src/tools/tool.ts';

/** An empty folder that is removed on release. */
export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'longturn-test-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A tool's context in a workspace. */
export function toolContext(
  workspace: string,
  signal: AbortSignal = new AbortController().signal,
  { notes = {}, bounds = {} }: { notes?: NoteTerms; bounds?: Partial<Bounds> } = {},
): ToolContext {
  return {
    callId: 'call-1',
    turnId: 'turn-1',
    sessionId: 'session-1',
    agent: 'tester',
    workspace,
    begunAt: '2030-01-02T03:00:00.000Z',
    execution: 1,
    assertInForce: async () => {},
    further: async () => () => ({ gate: 'allow' }),
    noteAccess: async () => noteAccessOf({ name: 'tester', notes }),
    bounds: async () => ({ ...DEFAULT_BOUNDS, ...bounds }),
    signal,
  };
}

/** The {@link ToolError} that a run throws; fails when it throws none. */
export async function toolErrorOf(run: ReturnType<Tool['run']>): Promise<ToolError> {
  try {
    const result = await run;
    throw new Error(`no ToolError, but the result: ${result}`);
  } catch (error) {
    if (error instanceof ToolError) return error;
    throw error;
  }
}
