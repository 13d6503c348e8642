import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from '@jest/globals';
import { AgentDefinition } from '../../src/contract/index.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { asks, createGate, onceOpen, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const folder = mkdtempSync(join(tmpdir(), 'longturn-restored-pin-'));
const storeFile = join(folder, 'store.db');
const ring = fakeTool({ name: 'ring' });
const rig = useWorkflowRig({ storeFile, tools: [ring] });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A turn whose store is set back, while its model is asked, to where the turn had not begun: no pin, no events. */
async function setBack() {
  const { agent, start, store } = rig();
  const gate = createGate();
  const name = await agent([onceOpen(gate, asks(['ring'])), says('rung')], { tools: ['ring'] });
  const { id } = await start(name, { clientTools: [{ name: 'shoot', description: '', inputSchema: {} }] });
  await gate.reached;
  const digests = (await store.turns.get(id))?.digests;
  if (!digests) throw new Error('The turn has no pin.');
  const database = new DatabaseSync(storeFile);
  database.prepare('delete from snapshots where digest in (?, ?)').run(digests.definition, digests.catalogue);
  database.prepare('delete from turn_events where turn_id = ?').run(id);
  database
    .prepare("update turns set state = 'starting', digests = null, started_at = null where id = ?")
    .run(id);
  database.close();
  return { name, id, digests, gate };
}

it('goes on where an older store lacks what it is pinned to, and its agent and tools are what they were', async () => {
  const { store, end, model, logged } = rig();
  const { name, id, digests, gate } = await setBack();
  gate.open();
  expect((await end(id)).turn).toMatchObject({ state: 'completed', output: 'rung', digests });
  expect(model.requests(name)[1]?.tools).toEqual(['ring', 'shoot']);
  expect(await store.snapshots.get(digests.definition)).toMatchObject({ name });
  expect(logged).toContainEqual(
    expect.objectContaining({ turnId: id, msg: expect.stringContaining('lacked what a turn is pinned to') }),
  );
});

it.each([
  ['was changed', (name: string) => put(name, { approval: { expiresAfter: '1h' } })],
  ['has other tools', (name: string) => put(name, { tools: [] })],
  ['was deleted', (name: string) => rig().store.agents.delete(name, new Date().toISOString())],
])(
  'ends as what it is, at once, where its agent %s since the store it was restored from',
  async (_, change) => {
    const { end } = rig();
    const { name, id, gate } = await setBack();
    await change(name);
    gate.open();
    const { turn } = await end(id);
    expect(turn).toMatchObject({ state: 'failed', error: { code: 'store_restored' } });
  },
);

function put(name: string, changes: object) {
  const same = { name, model: `scripted/${name}`, tools: ['ring'], instructions: '', ...changes };
  return rig().store.agents.put(AgentDefinition.parse(same), new Date().toISOString());
}
