import { describe, expect, it } from '@jest/globals';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { LOG_START } from '../../src/core/turn/turn-log.ts';
import { createKeyring } from '../../src/secrets/keyring.ts';
import { VaultError } from '../../src/secrets/vault.ts';
import { connectClient, localEngine } from '../../src/temporal/connect.ts';
import { createDataConverter } from '../../src/temporal/data-converter.ts';
import { UNNAMED } from '../../src/temporal/names.ts';
import { readableHistory } from '../../src/temporal/readable-history.ts';
import { turnRuns } from '../../src/temporal/turn/turn-histories.ts';
import { createTurnObserver } from '../../src/temporal/turn/turn-observer.ts';
import { newKey, newKeyring } from '../support/encryption.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { poll } from '../support/poll.ts';
import { asks, fails, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const shared = newKey('shared');
const MARK = 'canary-5f1d';
const rig = useWorkflowRig({
  tools: [fakeTool({ name: 'quick', run: async () => `said ${MARK}` })],
  keyring: createKeyring([newKey('house'), shared]),
});

/** Every text that is in a history, payloads in Base64 included. */
function textsOf(history: unknown): string {
  const json = typeof history === 'string' ? history : JSON.stringify(history);
  const data = [...json.matchAll(/"data": ?"([A-Za-z0-9+/=]+)"/g)].map(([, text = '']) =>
    Buffer.from(text, 'base64').toString('latin1'),
  );
  return [json, ...data].join('\n');
}

async function rawAndReadable(turnId: string): Promise<{ raw: string; readable: string }> {
  const { client, dataConverter } = rig();
  const [run] = await turnRuns(client, turnId);
  const raw = historyToJSON(run?.history ?? {});
  const readable = await readableHistory(JSON.parse(raw), dataConverter.payloadCodecs?.[0]);
  return { raw: textsOf(raw), readable: textsOf(readable) };
}

describe('the engine', () => {
  it('keeps nothing readable of what a turn says and does', async () => {
    const { agent, start, end } = rig();
    const name = await agent([asks(['quick', { of: MARK }]), says(`it said ${MARK}`)], { tools: ['quick'] });
    const turn = await start(name, { input: `ask ${MARK}` });
    expect((await end(turn.id)).turn.state).toBe('completed');
    const { raw, readable } = await rawAndReadable(turn.id);
    expect(readable).toContain(MARK);
    expect(raw).not.toContain(MARK);
    expect(raw).toContain(Buffer.from('binary/encrypted').toString('base64'));
  });

  it('keeps nothing readable of why something failed', async () => {
    const { agent, start, end } = rig();
    const turn = await start(await agent([fails('model_refused', `no ${MARK}`)]));
    expect((await end(turn.id)).turn.error?.message).toContain(MARK);
    const { raw, readable } = await rawAndReadable(turn.id);
    expect(readable).toContain(MARK);
    expect(raw).toContain('Encoded failure');
    expect(readable).not.toContain('Encoded failure');
    expect(raw).not.toContain(MARK);
  });
});

describe('a process without the key', () => {
  it('says which key it lacks when it reads', async () => {
    const { agent, start, end } = rig();
    const turn = await start(await agent([says('done')]));
    await end(turn.id);
    const engine = localEngine(process.env['LONGTURN_TEST_ENGINE'] ?? '', 'default');
    const client = await connectClient(engine, createDataConverter(createKeyring([shared])));
    try {
      const asked = createTurnObserver(client).eventsSince(turn.id, LOG_START);
      await expect(asked).rejects.toThrow(VaultError);
      await expect(asked).rejects.toThrow(/key "house", which this process does not have \(it has shared\)/);
    } finally {
      await client.connection.close();
    }
  });

  it('says which key it lacks when it works', async () => {
    const { agent, start, end, client, logged } = rig();
    const first = await start(await agent([says('done')]));
    await end(first.id);
    const { taskQueue } = await client.workflow.getHandle(UNNAMED.turnWorkflowId(first.id)).describe();
    const engine = localEngine(process.env['LONGTURN_TEST_ENGINE'] ?? '', 'default');
    const stranger = await connectClient(engine, createDataConverter(newKeyring('stranger')));
    const options = { taskQueue, workflowId: UNNAMED.turnWorkflowId('of-a-stranger'), args: [{}] };
    const handle = await stranger.workflow.start('agentTurn', options);
    try {
      await poll(
        () => logged.find((line) => JSON.stringify(line).includes('which this process does not have')),
        { what: 'the worker tells of the key', explain: () => JSON.stringify(logged.slice(-5)) },
      );
    } finally {
      await handle.terminate('the end of the test');
      await stranger.connection.close();
    }
  });
});
