import { expect, it } from '@jest/globals';
import { asks, says } from '../support/scripted-model.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { poll } from '../support/poll.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';
const echo = fakeTool({ name: 'echo' });
const rig = useWorkflowRig({ tools: [echo] });
const look = async (id: string) => {
  const r = rig();
  for (let i = 0; i < 60; i++) {
    await r.reconciler.run();
    const t = await r.store.turns.get(id);
    if (t?.endedAt) { console.log(t.state, t.error, t.output?.length); return; }
    await new Promise((res) => setTimeout(res, 300));
  }
  const d = await r.client.workflow.getHandle(`turn:${id}`).describe();
  console.log('NOT ENDED', d.status.name, JSON.stringify(r.logged.filter((l) => l['level'] !== 'debug').slice(-3)).slice(0, 1500));
  r.leaveOpen(id, 'x');
};
it.each([[1_200_000, 'x'], [2_500_000, 'x'], [500_000, '€']])('text %s %s', async (n, c) => {
  const r = rig();
  const t = await r.start(await r.agent([says(c.repeat(n))]));
  await look(t.id);
});
it('ten large inputs', async () => {
  const r = rig();
  const t = await r.start(await r.agent([asks(...Array.from({ length: 10 }, () => ['echo', { t: 'x'.repeat(250_000) }] as [string, object])), says('x')] as never, { tools: ['echo'] }));
  await look(t.id);
});
it('ten large inputs, asked', async () => {
  const r = rig();
  const t = await r.start(await r.agent([asks(...Array.from({ length: 7 }, () => ['echo', { t: 'x'.repeat(250_000) }] as [string, object])), says('x')] as never, { tools: ['echo'], policy: { default: 'ask' }, approval: { expiresAfter: '2s' } }));
  await look(t.id);
});
