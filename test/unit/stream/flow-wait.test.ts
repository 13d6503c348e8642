import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { poll } from '../../support/poll.ts';
import { createScriptedFlow, type ScriptedFlow } from '../../support/scripted-flow.ts';

let script: ScriptedFlow;
beforeEach(async () => {
  script = await createScriptedFlow();
});
afterEach(async () => {
  await script[Symbol.asyncDispose]();
});

/** A wait, and whether it is over. */
function waiting(wait: { afterRevision?: number; timeoutMs?: number } = {}) {
  const caller = new AbortController();
  let isOver = false;
  const done = script.flowStreams
    .wait(script.flowId, { timeoutMs: 10_000, gone: caller.signal, ...wait })
    .then(() => {
      isOver = true;
    });
  return { done, isOver: () => isOver, leave: () => caller.abort() };
}

describe('a wait', () => {
  it('is over when the revision is exceeded', async () => {
    const { done, isOver } = waiting({ afterRevision: 2 });
    await script.put();
    await script.flowStreams.shown(script.flowId);
    expect(isOver()).toBe(false);
    await script.put();
    await done;
  });

  it('is over at once when the revision is exceeded already', async () => {
    await script.put();
    await waiting({ afterRevision: 1 }).done;
  });

  it('without a revision is over at the end', async () => {
    const { done, isOver } = waiting();
    await script.put();
    await script.flowStreams.shown(script.flowId);
    expect(isOver()).toBe(false);
    await script.end();
    await done;
  });

  it('of an ended flow is over at once, whatever revision it asks for', async () => {
    await script.end();
    await Promise.all([waiting().done, waiting({ afterRevision: 99 }).done]);
  });

  it('is over when its time is', async () => {
    const startedMs = performance.now();
    await waiting({ timeoutMs: 60 }).done;
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(55);
  });

  it('is over when the caller is gone, and keeps no watch', async () => {
    const { done, leave } = waiting();
    await poll(() => script.reads() > 0, { what: 'the flow is looked at', everyMs: 1 });
    leave();
    await done;
    await poll(
      async () => {
        script.hint();
        const reads = script.reads();
        await script.put();
        return script.reads() === reads;
      },
      { what: 'nobody looks any more' },
    );
  });

  it('is over when the flow is deleted', async () => {
    const { done } = waiting();
    await script.flowStreams.shown(script.flowId);
    await script.store.auth.connections.delete(script.connectionId);
    script.hint();
    await done;
  });
});
