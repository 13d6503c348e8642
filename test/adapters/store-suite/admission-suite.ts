import { expect, it } from '@jest/globals';
import { admitted, at, completed, DIGEST, newTurn, type OpenStore, OTHER_DIGEST, range } from './fixtures.ts';
import { useStore } from './use-store.ts';

export function admissionSuite(open: OpenStore): void {
  const { store, other } = useStore(open);

  it('makes the session and starts its first turn', async () => {
    const turn = newTurn('first', {
      clientTools: [{ name: 'ask_user', description: 'Asks.', inputSchema: { type: 'object' } }],
      limits: { maxSteps: 3, deadline: '5m' },
      metadata: { ticket: '42' },
      acting: { tokenId: 'tok', scopes: ['turns:write', 'notes:read'] },
    });
    const admission = await store().turns.admit(turn);
    expect(admission).toEqual({
      outcome: 'created',
      turn: {
        ...turn,
        ordinal: 1,
        state: 'starting',
        pending: [],
        usage: { inputTokens: 0, outputTokens: 0 },
        startingAt: at(0),
      },
    });
    expect(await store().turns.get('first')).toEqual(admission.outcome === 'created' && admission.turn);
    expect(await store().sessions.get('session-of-first')).toEqual({
      id: 'session-of-first',
      agent: 'scribe',
      createdAt: at(0),
      updatedAt: at(0),
      turnCount: 1,
    });
  });

  it('queues a turn behind another and starts one at once when nothing is ahead', async () => {
    const sessionId = 'queueing';
    expect((await admitted(store(), 'q1', { sessionId })).state).toBe('starting');
    const second = await admitted(store(), 'q2', { sessionId, createdAt: at(5) });
    expect(second).toMatchObject({ state: 'queued', ordinal: 2 });
    expect(second).not.toHaveProperty('startingAt');
    await store().turns.end(completed('q1'));
    await store().turns.end(completed('q2'));
    expect(await admitted(store(), 'q3', { sessionId })).toMatchObject({ state: 'starting', ordinal: 3 });
    expect(await store().sessions.get(sessionId)).toMatchObject({ turnCount: 3, updatedAt: at(10) });
    expect((await store().sessions.turns(sessionId)).map((turn) => turn.id)).toEqual(['q1', 'q2', 'q3']);
  });

  it('answers a repeated key with the first turn and refuses it for another body', async () => {
    const claim = { tokenId: 'tok', key: 'k-1', bodyDigest: DIGEST };
    const sessionId = 'keyed';
    const first = await store().turns.admit(newTurn('k1', { sessionId }), claim);
    const repeated = await store().turns.admit(newTurn('k2', { sessionId }), claim);
    expect(repeated).toEqual({ ...first, outcome: 'replayed' });
    const reused = await store().turns.admit(newTurn('k3', { sessionId }), {
      ...claim,
      bodyDigest: OTHER_DIGEST,
    });
    expect(reused).toEqual({ outcome: 'key_reused' });
    const byAnother = await store().turns.admit(newTurn('k4', { sessionId }), { ...claim, tokenId: 'tok-2' });
    expect(byAnother.outcome).toBe('created');
    expect((await store().sessions.turns(sessionId)).map((turn) => turn.id)).toEqual(['k1', 'k4']);
  });

  it('binds a session to its first agent, and a refused turn claims no key', async () => {
    const sessionId = 'bound';
    const claim = { tokenId: 'tok', key: 'k-bound', bodyDigest: DIGEST };
    await admitted(store(), 'b1', { sessionId });
    const refused = await store().turns.admit(newTurn('b2', { sessionId, agent: 'other' }), claim);
    expect(refused).toEqual({ outcome: 'agent_mismatch', agent: 'scribe' });
    expect(await store().turns.get('b2')).toBeUndefined();
    expect(await store().sessions.get(sessionId)).toMatchObject({ turnCount: 1 });
    const mended = await store().turns.admit(newTurn('b3', { sessionId }), {
      ...claim,
      bodyDigest: OTHER_DIGEST,
    });
    expect(mended).toMatchObject({ outcome: 'created', turn: { ordinal: 2 } });
  });

  it('forgets keys after seven days', async () => {
    const claim = { tokenId: 'tok', key: 'k-old', bodyDigest: DIGEST };
    const week = 7 * 24 * 3_600;
    await store().turns.admit(newTurn('o1'), claim);
    await store().sweep(at(week));
    expect((await store().turns.admit(newTurn('o2'), claim)).outcome).toBe('replayed');
    await store().sweep(at(week + 1));
    expect((await store().turns.admit(newTurn('o3'), claim)).outcome).toBe('created');
  });

  it('gives fifty turns admitted at once distinct places, and starts exactly one', async () => {
    const sessionId = 'crowd';
    const turns = await Promise.all(
      range(50).map((n) => admitted(n % 2 ? store() : other(), `crowd-${n}`, { sessionId })),
    );
    expect(turns.map((turn) => turn.ordinal).sort((a, b) => a - b)).toEqual(range(50).map((n) => n + 1));
    expect(turns.filter((turn) => turn.state === 'starting').map((turn) => turn.ordinal)).toEqual([1]);
    expect(await store().sessions.get(sessionId)).toMatchObject({ turnCount: 50 });
  });

  it('admits one of twenty requests with the same key at once', async () => {
    const claim = { tokenId: 'tok', key: 'k-race', bodyDigest: DIGEST };
    const admissions = await Promise.all(
      range(20).map((n) =>
        (n % 2 ? store() : other()).turns.admit(newTurn(`race-${n}`, { sessionId: 'race' }), claim),
      ),
    );
    expect(admissions.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
    expect(admissions.filter(({ outcome }) => outcome === 'replayed')).toHaveLength(19);
    const ids = admissions.map((admission) => 'turn' in admission && admission.turn.id);
    expect(new Set(ids).size).toBe(1);
    expect(await store().sessions.turns('race')).toHaveLength(1);
  });

  it('keeps input, labels and large texts as they came', async () => {
    const input = `\u0000 zero, lone \ud800 surrogate, Grüße, 日本語, 👩‍👩‍👧\r\n${'x'.repeat(500_000)}`;
    const metadata = { 'lone \udfff': 'a\u0000b', __proto__: 'kept' };
    await admitted(store(), 'odd', { input, metadata: JSON.parse(JSON.stringify(metadata)) });
    const turn = await store().turns.get('odd');
    expect(turn?.input).toBe(input);
    expect(JSON.stringify(turn?.metadata)).toBe(JSON.stringify(metadata));
  });

  it('links a turn to the one that it retries, once, however many ask at once', async () => {
    const sessionId = 'retried';
    await admitted(store(), 'r0', { sessionId });
    await store().turns.end(completed('r0'));
    const asked = await Promise.all(
      range(6).map((n) =>
        (n % 2 ? store() : other()).turns.admit(newTurn(`r0-${n}`, { sessionId, retryOf: 'r0' }), {
          tokenId: 'tok-r',
          key: `k-${n}`,
          bodyDigest: DIGEST,
        }),
      ),
    );
    const made = asked.flatMap((admission) => (admission.outcome === 'created' ? [admission.turn] : []));
    expect(made).toMatchObject([{ ordinal: 2, retryOf: 'r0' }]);
    expect(asked.filter(({ outcome }) => outcome === 'already_retried')).toHaveLength(5);
    expect(asked).toContainEqual({ outcome: 'already_retried', by: made[0]?.id });
    expect(await store().sessions.get(sessionId)).toMatchObject({ turnCount: 2 });
    const rerun = await admitted(store(), 'r0-rerun', { sessionId, rerunOf: 'r0' });
    expect(rerun).toMatchObject({ ordinal: 3, rerunOf: 'r0' });
    expect(rerun).not.toHaveProperty('retryOf');
  });
}
