import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { UNNAMED } from '../../src/temporal/names.ts';
import { createTurnGateway } from '../../src/temporal/turn/create-turn-gateway.ts';
import { newKeyring } from '../support/encryption.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { poll } from '../support/poll.ts';
import { ANNA, origin } from '../support/rig-turns.ts';
import { asks, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const ring = fakeTool({ name: 'ring', gate: 'ask', run: async ({ door = 'front' }) => `rang ${door}` });
const keyring = newKeyring('house');
const rig = useWorkflowRig({ tools: [ring], keyring });
const NAMESPACE = 'default';

/** Somebody with access to the engine's port, and nothing else. */
let connection: Connection;
let stranger: Client;

beforeAll(async () => {
  connection = await Connection.connect({ address: process.env['LONGTURN_TEST_ENGINE'] ?? '' });
  stranger = new Client({ connection, namespace: NAMESPACE });
});

afterAll(() => connection.close());

const handleOf = (turnId: string) => stranger.workflow.getHandle(UNNAMED.turnWorkflowId(turnId));

/** A turn that waits for a decision on its one call of `ring`. */
async function waiting() {
  const { agent, start, pending } = rig();
  const script = [asks(['ring', { door: 'front' }]), says('end')];
  const turn = await start(await agent(script, { tools: ['ring'] }));
  return { turnId: turn.id, callId: await pending(turn.id, 'ring') };
}

/** Waits until the worker tells of so many refusals of messages to a turn. */
async function refused(turnId: string, count = 1): Promise<Record<string, unknown>[]> {
  const workflowId = UNNAMED.turnWorkflowId(turnId);
  const found = () =>
    rig().logged.filter(
      (line) =>
        line['workflowId'] === workflowId && String(line['msg']).includes('not sealed for this workflow'),
    );
  return await poll(async () => (found().length >= count ? found() : undefined), {
    what: `${count} messages to ${turnId} are refused`,
    explain: () => JSON.stringify(found()),
  });
}

/** The payload of the newest signal of a turn, as anybody with access to the engine reads it. */
async function captured(turnId: string): Promise<Payload> {
  return await poll(
    async () => {
      const { events } = await handleOf(turnId).fetchHistory();
      return (events ?? [])
        .flatMap(({ workflowExecutionSignaledEventAttributes: it }) => it?.input?.payloads ?? [])
        .at(-1) as Payload | undefined;
    },
    { what: `a signal is in the history of ${turnId}` },
  );
}

async function sendRaw(turnId: string, signalName: string, payload: Payload): Promise<void> {
  await connection.workflowService.signalWorkflowExecution({
    namespace: NAMESPACE,
    workflowExecution: { workflowId: UNNAMED.turnWorkflowId(turnId) },
    signalName,
    input: { payloads: [payload] },
  });
}

/** Ends a turn as people do, and tells with which input its tool ran and who allowed it. */
async function allowed(turnId: string, callId: string) {
  const { decide, end } = rig();
  await decide(turnId, callId, { action: 'allow' });
  const { of } = await end(turnId);
  return { output: of('tool_call.completed')[0]?.output, by: of('approval.resolved')[0]?.by };
}

describe('a message that nobody of this installation sent', () => {
  it('decides nothing as a signal, whoever it says it is from: the turn waits for the real decision', async () => {
    const { turnId, callId } = await waiting();
    const forged = { messageId: 'm', by: { tokenId: 'admin_1', name: 'admin' }, callId, action: 'allow' };
    await handleOf(turnId).signal('toolDecision', { ...forged, input: { door: 'vault' } });
    const [line] = await refused(turnId);
    expect(line).toMatchObject({ message: 'signal:toolDecision', reason: 'unsealed' });
    expect((await rig().store.approvals.get(callId))?.status).toBe('pending');
    expect(await allowed(turnId, callId)).toEqual({ output: 'rang front', by: ANNA });
  });

  it('is refused as an Update, and told so', async () => {
    const { turnId, callId } = await waiting();
    const sent = handleOf(turnId).executeUpdate('toolDecision', { args: [{ callId, action: 'allow' }] });
    await expect(sent).rejects.toThrow();
    expect((await refused(turnId))[0]).toMatchObject({ message: 'update:toolDecision', reason: 'unsealed' });
    expect(await allowed(turnId, callId)).toEqual({ output: 'rang front', by: ANNA });
  });

  it.each(['cancel', 'stop', 'steer', 'grantRevoked', 'wakeCall', 'clientToolResult', 'alwaysAllow'])(
    'is refused as a signal %s, with anything in it and with nothing',
    async (name) => {
      const { turnId, callId } = await waiting();
      for (const args of [[], ['text'], [null], [{ callId, message: 'x', reason: 'x', content: 'x' }]])
        await handleOf(turnId).signal(name, ...args);
      await refused(turnId, 4);
      expect(await allowed(turnId, callId)).toEqual({ output: 'rang front', by: ANNA });
    },
  );

  it('is refused where it is made to look encrypted, and holds nobody up', async () => {
    const { turnId, callId } = await waiting();
    const metadata = (keyId: string) => ({
      encoding: Buffer.from('binary/encrypted'),
      'longturn-key-id': Buffer.from(keyId),
      'longturn-seal': Buffer.from('bound'),
      'longturn-sent-as': Buffer.from('signal:stop'),
    });
    const plain = { ...metadata('house'), encoding: Buffer.from('json/plain') };
    await sendRaw(turnId, 'stop', { metadata: metadata('house'), data: Buffer.alloc(80) });
    await sendRaw(turnId, 'stop', { metadata: metadata('other'), data: Buffer.alloc(80) });
    await sendRaw(turnId, 'stop', { metadata: plain, data: Buffer.from('{}') });
    await refused(turnId, 3);
    expect(await allowed(turnId, callId)).toEqual({ output: 'rang front', by: ANNA });
  });
});

describe('a message that was captured', () => {
  it('is refused by another turn, and under another name', async () => {
    const [victim, other] = [await waiting(), await waiting()];
    await rig().signal(other.turnId, 'steer', { ...origin(), message: 'ring twice' });
    const payload = await captured(other.turnId);
    await sendRaw(victim.turnId, 'steer', payload);
    await sendRaw(other.turnId, 'cancel', payload);
    expect((await refused(victim.turnId))[0]).toMatchObject({
      message: 'signal:steer',
      reason: 'misdirected',
    });
    expect((await refused(other.turnId))[0]).toMatchObject({
      message: 'signal:cancel',
      reason: 'misdirected',
    });
    for (const { turnId, callId } of [victim, other]) {
      expect(await allowed(turnId, callId)).toEqual({ output: 'rang front', by: ANNA });
    }
  });

  it('has no effect a second time', async () => {
    const { turnId, callId } = await waiting();
    await rig().signal(turnId, 'steer', { ...origin(), message: 'once' });
    const payload = await captured(turnId);
    await sendRaw(turnId, 'steer', payload);
    await allowed(turnId, callId);
    const { of } = await rig().end(turnId);
    expect(of('turn.steered')).toHaveLength(1);
  });
});

describe('a start that nobody of this installation sent', () => {
  const startRaw = async (workflowType: string, workflowId: string, input: Payload[] | object) => {
    const payloads = Array.isArray(input)
      ? input
      : [{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(JSON.stringify(input)) }];
    const { taskQueue } = rig();
    await connection.workflowService.startWorkflowExecution({
      namespace: NAMESPACE,
      workflowId,
      workflowType: { name: workflowType },
      taskQueue: { name: taskQueue },
      requestId: workflowId,
      input: { payloads },
    });
    return await rig()
      .client.workflow.getHandle(workflowId)
      .result()
      .catch((error) => error.cause);
  };

  it.each([
    ['agentTurn', { turnId: 'forged', sessionId: 's', ordinal: 1, agent: 'helper' }],
    ['authConnection', { connectionId: 'forged' }],
    ['authFlow', { flowId: 'forged', connectionId: 'c' }],
    ['webhookDelivery', { deliveryId: 'forged' }],
    ['agentTurn', []],
  ])('fails before it does anything: %s', async (type, input) => {
    const kind = `${type}${Array.isArray(input) ? '-without-input' : ''}`;
    const cause = await startRaw(type, `${kind}:forged`, input);
    expect(cause).toMatchObject({ type: 'start_refused' });
    const { events = [] } = await stranger.workflow.getHandle(`${kind}:forged`).fetchHistory();
    expect(events?.some(({ activityTaskScheduledEventAttributes: it }) => it)).toBe(false);
  });

  it('fails where it is the start of another turn', async () => {
    const { turnId, callId } = await waiting();
    const { events } = await handleOf(turnId).fetchHistory();
    const input = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads as Payload[];
    expect(await startRaw('agentTurn', 'turn:copied', input)).toMatchObject({ type: 'start_refused' });
    await allowed(turnId, callId);
  });
});

describe('a version up to 0.2, which encrypts without saying for whom', () => {
  /** Its client: no interceptor, and a codec that is told of no context. */
  function oldClient(): Client {
    const [codec] = rig().dataConverter.payloadCodecs ?? [];
    const { encode, decode } = codec as PayloadCodec;
    const unaware = { encode: (all: Payload[]) => encode(all), decode: (all: Payload[]) => decode(all) };
    return new Client({
      connection,
      namespace: NAMESPACE,
      dataConverter: { ...rig().dataConverter, payloadCodecs: [unaware] },
    });
  }

  it('may decide and cancel in turns of this version, and not steer them', async () => {
    const { turnId, callId } = await waiting();
    const old = createTurnGateway(oldClient(), { taskQueue: rig().taskQueue });
    await expect(old.steer(turnId, 'from before', origin())).rejects.toMatchObject({
      code: 'validation_failed',
    });
    expect(await old.decide(turnId, callId, { action: 'allow' }, origin())).toMatchObject({
      delivery: 'answered',
      result: { status: 'allowed', by: ANNA },
    });
    expect((await rig().end(turnId)).of('turn.steered')).toEqual([]);
  });

  it('goes on with the turns that it began, and they refuse what is not encrypted', async () => {
    const { agent, store, end, pending, live } = rig();
    const old = createTurnGateway(oldClient(), { taskQueue: rig().taskQueue });
    const name = await agent([asks(['ring', { door: 'front' }]), says('end')], { tools: ['ring'] });
    rig().beforeStart.run = () => {
      throw new Error('the start of this version is lost');
    };
    const { turn } = await admit(name);
    rig().beforeStart.run = () => {};
    await old.start(turn);
    const callId = await pending(turn.id, 'ring');
    await handleOf(turn.id).signal('toolDecision', { callId, action: 'deny' });
    await refused(turn.id);
    await old.steer(turn.id, 'from before', origin());
    await old.decide(turn.id, callId, { action: 'allow' }, origin());
    const { of } = await end(turn.id);
    expect(of('turn.steered')).toMatchObject([{ message: 'from before' }]);
    expect(of('tool_call.completed')).toHaveLength(1);
    expect((await live(turn.id)).length).toBeGreaterThan(0);
    expect((await store.turns.get(turn.id))?.state).toBe('completed');
  });

  /** Admits a turn whose start is left to the test. */
  async function admit(agent: string) {
    return { turn: await rig().start(agent) };
  }
});
