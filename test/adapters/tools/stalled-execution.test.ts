import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ActivityDeps } from '../../../src/activities/deps.ts';
import { createToolExecutions } from '../../../src/activities/turn/tool-executions.ts';
import { AgentDefinition } from '../../../src/contract/index.ts';
import { digestOf } from '../../../src/digest.ts';
import { createLogger } from '../../../src/logger.ts';
import { builtInTools } from '../../../src/process/capabilities/all.ts';
import { createStore } from '../../../src/store/create-store.ts';
import type { Store } from '../../../src/store/store.ts';
import type { ToolRegistry } from '../../../src/tools/tool.ts';
import { createGate, type Gate } from '../../support/scripted-model.ts';

describe('an execution that was stalled while another worker took its place', () => {
  const running = new AsyncDisposableStack();
  let folder: string;
  let store: Store;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longturn-stalled-'));
    running.defer(() => rm(folder, { recursive: true, force: true }));
    store = running.use(await createStore({ kind: 'sqlite', file: join(folder, 'store.db') }));
    await beginTurn(store);
  });
  afterAll(() => running.disposeAsync());

  /** The executions of one worker process; with a gate, its tools stand still until that is open. */
  function worker(gate?: Gate) {
    const tools = builtInTools({
      notes: store.notes,
      auth: store.auth,
      waiters: store.waiters,
      httpFetchAllow: [],
    });
    const deps = {
      store,
      tools: gate ? behind(gate, tools) : tools,
      workspacesDir: join(folder, 'workspaces'),
      metrics: { observeModelCall() {}, observeToolCall() {} },
      log: createLogger({ level: 'silent' }),
      now: () => new Date(),
    };
    return createToolExecutions(deps as unknown as ActivityDeps);
  }

  const call = (callId: string, tool: string) => ({
    ...{ callId, tool, turnId: 'turn', sessionId: 'session', agent: 'scribe', step: 1, events: [] },
    ...{ idempotent: true, timeoutMs: 30_000, edited: false },
  });
  const go = new AbortController().signal;

  const cases: [string, () => Promise<string | undefined>][] = [
    ['write_file', () => readFile(join(folder, 'workspaces/scribe/page'), 'utf8')],
    ['write_note', async () => (await store.notes.list({ path: 'page', limit: 1 })).items[0]?.content],
  ];
  it.each(cases)('does not overwrite with %s what was written later', async (tool, content) => {
    const gate = createGate();
    const first = call(`first-${tool}`, tool);
    const stalled = worker(gate).run(first, { path: 'page', content: 'first' }, go);
    await gate.reached;

    const other = worker();
    const again = await other.run(first, { path: 'page', content: 'first' }, go);
    expect(again).toMatchObject({ state: 'completed', executions: 2 });
    await other.run(call(`second-${tool}`, tool), { path: 'page', content: 'second' }, go);
    gate.open();
    expect(await stalled).toEqual(again);
    expect(await content()).toBe('second');
  });

  it('leaves the result to the execution in its place while that goes on', async () => {
    const gates = [createGate(), createGate()] as const;
    const written = call('both', 'write_file');
    const first = worker(gates[0]).run(written, { path: 'both', content: 'x' }, go);
    await gates[0].reached;
    const second = worker(gates[1]).run(written, { path: 'both', content: 'x' }, go);
    await gates[1].reached;
    gates[0].open();
    expect(await first).toMatchObject({ state: 'started', executions: 2 });
    gates[1].open();
    expect(await second).toMatchObject({ state: 'completed', executions: 2 });
  });
});

/** `turn`, of an agent that may write every note. */
async function beginTurn({ turns, snapshots }: Store): Promise<void> {
  const notes = { write: ['**'] };
  const definition = AgentDefinition.parse({ name: 'scribe', model: 'rehearsal/script', notes });
  const digests = { definition: digestOf(definition), catalogue: digestOf([]) };
  await snapshots.put(digests.definition, definition);
  await snapshots.put(digests.catalogue, []);
  const createdAt = new Date().toISOString();
  await turns.admit({
    ...{ id: 'turn', sessionId: 'session', agent: 'scribe', input: 'x', createdAt },
    ...{ clientTools: [], limits: {}, metadata: {} },
  });
  await turns.begin('turn', digests, createdAt);
}

function behind(gate: Gate, tools: ToolRegistry): ToolRegistry {
  return {
    ...tools,
    get(name) {
      const tool = tools.get(name);
      return tool && { ...tool, run: async (...call) => gate.passed().then(() => tool.run(...call)) };
    },
  };
}
