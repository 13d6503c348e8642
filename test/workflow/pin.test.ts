import { describe, expect, it } from '@jest/globals';
import { AgentDefinition } from '../../src/contract/index.ts';
import { fakeTool } from '../support/fake-tools.ts';
import { asks, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const ring = fakeTool({ name: 'ring' });
const rig = useWorkflowRig({ tools: [ring] });

describe('a turn whose preparation is repeated', () => {
  it('has one pin for workflow, model and row, although its agent was changed in between', async () => {
    const { agent, start, end, store, intercept, model } = rig();
    const name = await agent([asks(['ring']), says('rung')], { tools: ['ring'], limits: { maxSteps: 7 } });
    const prepared: unknown[] = [];
    // The first one is lost with its workflow task: nothing of it is in history.
    intercept.prepareTurn = async (run) => {
      prepared.push(await run());
      const changed = { name, model: `scripted/${name}`, tools: [], instructions: 'Quite another agent.' };
      await store.agents.put(AgentDefinition.parse(changed), new Date().toISOString());
      prepared.push(await run());
      return prepared[1];
    };
    const { id } = await start(name);
    const { turn, of } = await end(id);
    expect(prepared[1]).toEqual(prepared[0]);
    expect(of('turn.started')).toMatchObject([{ digests: turn.digests }]);
    expect(turn).toMatchObject({ state: 'completed', output: 'rung' });
    expect(model.requests(name).map(({ tools }) => tools)).toEqual([['ring'], ['ring']]);
    expect(ring.count(id)).toBe(1);
  });

  it('has the row and the session that the first preparation wrote', async () => {
    const { agent, start, end, store, intercept } = rig();
    const name = await agent([says('done')]);
    const written: unknown[] = [];
    intercept.prepareTurn = async (run, { turnId }: { turnId: string }) => {
      const answer = await run();
      for (const repeat of [false, true]) {
        if (repeat) expect(await run()).toEqual(answer);
        const turn = await store.turns.get(turnId);
        written.push([turn, turn && (await store.sessions.get(turn.sessionId))]);
      }
      return answer;
    };
    await end((await start(name)).id);
    expect(written[0]).toMatchObject([{ state: 'running' }, {}]);
    expect(written[1]).toEqual(written[0]);
  });

  it('goes on although its agent was deleted in between', async () => {
    const { agent, start, end, store, intercept } = rig();
    const name = await agent([says('still here')]);
    intercept.prepareTurn = async (run) => {
      await run();
      await store.agents.delete(name, new Date().toISOString());
      return await run();
    };
    const { id } = await start(name);
    expect((await end(id)).turn).toMatchObject({ state: 'completed', output: 'still here' });
  });
});
