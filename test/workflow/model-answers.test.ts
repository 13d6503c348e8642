import { describe, expect, it } from '@jest/globals';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { readableHistory } from '../../src/temporal/readable-history.ts';
import { turnRuns } from '../../src/temporal/turn/turn-histories.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { fails, type ScriptedAnswer, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const quick = fakeTool({ name: 'quick' });
const rig = useWorkflowRig({ tools: [quick] });

const estimated = { inputTokens: 40, outputTokens: 10, estimated: true as const };
const calls =
  (more: Partial<Awaited<ReturnType<ScriptedAnswer>>>): ScriptedAnswer =>
  async () => ({
    text: '',
    calls: [{ tool: 'quick', input: {} }],
    usage: { inputTokens: 1, outputTokens: 1 },
    ...more,
  });
const unreadable = fails('model_bad_response', 'Sent a page.', { retryable: true, lasting: true });

describe('an answer without a word', () => {
  it('is asked for once more', async () => {
    const { agent, start, end, model } = rig();
    const name = await agent([says(' \n'), says('Here.')]);
    const { turn } = await end((await start(name)).id);
    expect(turn).toMatchObject({ state: 'completed', output: 'Here.' });
    expect(model.requests(name)).toHaveLength(2);
  });

  it('ends the turn as failed where it comes again', async () => {
    const { agent, start, end, model } = rig();
    const name = await agent([says(''), says('')]);
    const { turn } = await end((await start(name)).id);
    expect(turn).toMatchObject({ state: 'failed', error: { code: 'model_empty_answer' } });
    expect(turn.error?.message).toContain('no text and no tool call');
    expect(model.requests(name)).toHaveLength(2);
  });
});

describe('an answer that cannot be read', () => {
  it('is asked for once more and then told', async () => {
    const { agent, start, end, model } = rig();
    const name = await agent([unreadable, unreadable]);
    const { turn } = await end((await start(name)).id);
    expect(turn).toMatchObject({ state: 'failed', error: { code: 'model_bad_response' } });
    expect(turn.error?.message).toContain('Sent a page.');
    expect(model.requests(name)).toHaveLength(2);
  });
});

describe('tokens that are estimated', () => {
  it('count against the budget and are marked in the event and in the turn', async () => {
    const { agent, start, end } = rig();
    const name = await agent([calls({ usage: estimated }), calls({ usage: estimated })], {
      tools: ['quick'],
      limits: { maxTokens: 100 },
    });
    const { turn, of } = await end((await start(name)).id);
    const usage = { inputTokens: 80, outputTokens: 20, estimated: true };
    expect(turn).toMatchObject({ state: 'failed', error: { code: 'token_budget_exceeded' }, usage });
    expect(of('turn.failed')).toMatchObject([{ usage }]);
  });
});

/** All that the engine keeps of a turn, decrypted. */
async function historyOf(turnId: string): Promise<string> {
  const { client, dataConverter } = rig();
  const [run] = await turnRuns(client, turnId);
  const raw = JSON.parse(historyToJSON(run?.history ?? {}));
  const json = JSON.stringify(await readableHistory(raw, dataConverter.payloadCodecs?.[0]));
  const data = [...json.matchAll(/"data": ?"([A-Za-z0-9+/=]+)"/g)].map(([, text = '']) =>
    Buffer.from(text, 'base64').toString('latin1'),
  );
  return [json, ...data].join('\n');
}

describe('what a model thought', () => {
  const reasoning = {
    model: 'scripted/thinker',
    parts: [
      { type: 'reasoning' as const, text: 'SECRET-THOUGHT' },
      { type: 'call' as const, index: 0 },
    ],
  };

  it('goes back to it with the next step, and nowhere else', async () => {
    const { agent, start, end, model, store } = rig();
    const name = await agent([calls({ reasoning }), says('SECRET-ANSWER')], { tools: ['quick'] });
    const { id } = await start(name);
    const { events } = await end(id);

    expect(model.requests(name)[1]?.messages[1]).toMatchObject({ role: 'assistant', reasoning });
    expect((await store.transcript.step(id, 1))?.reasoning).toEqual(reasoning);
    expect(JSON.stringify(events)).not.toContain('SECRET-THOUGHT');
    const history = await historyOf(id);
    expect(history).toContain('SECRET-ANSWER');
    expect(history).not.toContain('SECRET-THOUGHT');
  });
});
