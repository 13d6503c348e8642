import { expect, it } from '@jest/globals';
import { at, type OpenStore, range } from './fixtures.ts';
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

  it('lets exactly one of many begin', async () => {
    const all = await Promise.all(
      range(20).map((n) => (n % 2 ? store() : other()).ledger.begin(intent('race'))),
    );
    expect(all.filter(({ begun }) => begun)).toHaveLength(1);
  });
}
