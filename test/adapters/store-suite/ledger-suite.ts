import { expect, it } from '@jest/globals';
import {
  at,
  completed,
  DIGEST,
  events,
  type OpenStore,
  OTHER_DIGEST,
  range,
  running,
  toolRequested,
} from './fixtures.ts';
import { useStore } from './use-store.ts';

export function ledgerSuite(open: OpenStore): void {
  const { store, other } = useStore(open);

  const intent = (callId: string, again = false) => ({
    callId,
    turnId: 't',
    tool: 'run_command',
    at: at(1),
    again,
  });
  const started = (callId: string, executions = 1) => ({
    callId,
    turnId: 't',
    tool: 'run_command',
    state: 'started',
    executions,
    startedAt: at(1),
  });

  it('lets one execution begin and gives its result to whoever comes later', async () => {
    expect(await store().ledger.begin(intent('once'))).toEqual({ begun: true, row: started('once') });
    expect(await store().ledger.begin(intent('once'))).toEqual({ begun: false, row: started('once') });
    const done = { ...started('once'), state: 'completed', content: 'done \u0000\ud800', endedAt: at(2) };
    expect(await store().ledger.settle('once', { content: 'done \u0000\ud800' }, at(2))).toEqual(done);
    expect(await store().ledger.settle('once', { content: 'other' }, at(3))).toEqual(done);
    expect(await store().ledger.begin(intent('once', true))).toEqual({ begun: false, row: done });
    expect(await store().ledger.giveUp('once', at(4))).toEqual(done);
    expect(await store().ledger.get('once')).toEqual(done);
  });

  it('counts each execution of an idempotent tool', async () => {
    await store().ledger.begin(intent('again', true));
    expect(await store().ledger.begin(intent('again', true))).toEqual({
      begun: true,
      row: started('again', 2),
    });
    const error = { code: 'tool_failed', message: 'It broke.' };
    expect(await store().ledger.settle('again', { error }, at(2))).toMatchObject({
      state: 'failed',
      error,
      executions: 2,
    });
  });

  it('takes a result from the newest execution only, where an execution is named', async () => {
    await store().ledger.begin(intent('stalled', true));
    await other().ledger.begin(intent('stalled', true));
    const error = { code: 'tool_failed', message: 'The first one woke late.' };
    expect(await store().ledger.settle('stalled', { error }, at(2), 1)).toEqual(started('stalled', 2));
    expect(await other().ledger.settle('stalled', { content: 'done' }, at(3), 2)).toMatchObject({
      state: 'completed',
      content: 'done',
    });
  });

  it('gives up an execution for good', async () => {
    await store().ledger.begin(intent('lost'));
    const lost = { ...started('lost'), state: 'unknown', endedAt: at(5) };
    expect(await store().ledger.giveUp('lost', at(5))).toEqual(lost);
    expect(await store().ledger.settle('lost', { content: 'too late' }, at(6))).toEqual(lost);
    expect(await store().ledger.begin(intent('lost', true))).toEqual({ begun: false, row: lost });
    expect(await store().ledger.giveUp('nobody', at(5))).toBeUndefined();
    expect(await store().ledger.get('nobody')).toBeUndefined();
    await expect(store().ledger.settle('nobody', { content: '' }, at(5))).rejects.toThrow('begin it first');
  });

  it("keeps a client's result in full, the first one", async () => {
    const content = 'é'.repeat(450_000);
    await store().ledger.keep({ callId: 'kept', turnId: 't', tool: 'ask_user', content, at: at(7) });
    await store().ledger.keep({
      callId: 'kept',
      turnId: 't',
      tool: 'ask_user',
      content: 'second',
      at: at(8),
    });
    expect(await store().ledger.get('kept')).toMatchObject({
      state: 'completed',
      executions: 0,
      content,
      endedAt: at(7),
    });
  });

  it("keeps what a client's tool failed with in full", async () => {
    const failed = {
      callId: 'kept-error',
      turnId: 't',
      tool: 'ask_user',
      content: 'é'.repeat(9_000),
      at: at(7),
    };
    await store().ledger.keep({ ...failed, isError: true });
    expect(await store().ledger.get('kept-error')).toMatchObject({
      state: 'failed',
      error: { code: 'client_error', message: failed.content },
    });
  });

  it('makes the staged result that an event names the result of the call, and no other', async () => {
    const turn = await running(store(), 'staging');
    const error = { code: 'client_error', message: 'it…' };
    const all = events(turn.id, [
      toolRequested('won'),
      { type: 'tool_call.completed', callId: 'won', output: 'ta…', resultDigest: OTHER_DIGEST },
      toolRequested('failed'),
      { type: 'tool_call.failed', callId: 'failed', error, resultDigest: DIGEST },
    ]);
    const stage = (callId: string, digest: string, content: string, isError = false) =>
      store().ledger.stage({ callId, digest, turnId: turn.id, content, isError, at: at(1) });
    await stage('won', DIGEST, 'refused');
    await stage('won', OTHER_DIGEST, 'taken \u0000');
    await other().ledger.stage({
      callId: 'won',
      digest: OTHER_DIGEST,
      turnId: turn.id,
      content: 'again',
      isError: false,
      at: at(2),
    });
    await stage('failed', DIGEST, 'it broke', true);
    await stage('open', DIGEST, 'not yet');
    expect(await store().ledger.get('won')).toBeUndefined();
    await store().events.append(turn.id, all);
    await other().events.append(turn.id, all);
    expect(await store().ledger.get('won')).toMatchObject({
      state: 'completed',
      tool: 'write_file',
      executions: 0,
      content: 'taken \u0000',
    });
    expect(await store().ledger.get('failed')).toMatchObject({
      state: 'failed',
      error: { code: 'client_error', message: 'it broke' },
    });
    expect(await store().ledger.staged('won', DIGEST)).toBeUndefined();
    expect(await store().ledger.staged('open', DIGEST)).toEqual({ content: 'not yet', isError: false });
    expect(await store().ledger.get('open')).toBeUndefined();
    expect((await store().events.ofCall(turn.id, 'won')).map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('sweeps what was staged and not taken, once the turn has ended', async () => {
    const turn = await running(store(), 'swept');
    const late = { callId: 'late', digest: DIGEST, turnId: turn.id, content: 'x', isError: false };
    await store().ledger.stage({ ...late, at: '2020-01-01T00:00:00.000Z' });
    await store().sweep('2026-11-21T00:00:00.000Z');
    expect(await store().ledger.staged('late', DIGEST)).toBeDefined();
    await store().turns.end(completed(turn.id));
    await store().sweep('2026-11-21T00:00:00.000Z');
    expect(await store().ledger.staged('late', DIGEST)).toBeUndefined();
  });

  it('lets exactly one of many begin', async () => {
    const all = await Promise.all(
      range(20).map((n) => (n % 2 ? store() : other()).ledger.begin(intent('race'))),
    );
    expect(all.filter(({ begun }) => begun)).toHaveLength(1);
  });
}
