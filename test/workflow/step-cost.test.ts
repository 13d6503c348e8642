import { expect, it } from '@jest/globals';
import { fakeTool } from '../support/fake-tools.ts';
import { countRowsRead } from '../support/rows-read.ts';
import { asks, type ScriptedAnswer, says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const rig = useWorkflowRig({ tools: [fakeTool({ name: 'echo' })] });

/** Each call has two events: a step tells the store of 34 rows. */
const CALLS = Array.from({ length: 16 }, (_, n) => ['echo', { n }] as [string, { n: number }]);
const POLICY = { tools: ['echo'], policy: { default: 'deny' as const } };

/** Notes how many rows of the store were read from one question to the next. */
function createRowsBetween() {
  const reading = countRowsRead();
  const before: number[] = [];
  return {
    noting:
      (answer: ScriptedAnswer): ScriptedAnswer =>
      async (request) => {
        before.push(reading.rows());
        return await answer(request);
      },
    rows: () => before.slice(1).map((count, index) => count - (before[index] ?? 0)),
    [Symbol.dispose]: () => reading[Symbol.dispose](),
  };
}

it('reads no more of the store for a step after many calls than after few, and the model is shown them all', async () => {
  using between = createRowsBetween();
  const { agent, start, end, model } = rig();
  const steps = 12;
  const script = Array.from({ length: steps }, () => between.noting(asks(...CALLS)));
  const name = await agent([...script, between.noting(says('end'))], {
    ...POLICY,
    limits: { maxSteps: steps + 1 },
  });
  await end((await start(name)).id);

  // Also whoever waits for the end reads a row at a time.
  const rows = between.rows();
  expect(Math.max(...rows.slice(-3))).toBeLessThan(Math.max(...rows.slice(0, 3)) + 100);
  const last = model.requests(name).at(-1)?.messages ?? [];
  expect(last).toHaveLength(1 + steps * (1 + CALLS.length));
  expect(last.filter(({ role }) => role === 'tool')).toHaveLength(steps * CALLS.length);
});

it('reads no more for a turn after many turns than after few, and the model is shown what was said in all of them', async () => {
  using between = createRowsBetween();
  const { agent, start, end, model } = rig();
  const turns = 8;
  const script = Array.from({ length: turns }, () => [between.noting(asks(...CALLS)), says('answer')]);
  const name = await agent(script.flat(), POLICY);
  const { id, sessionId } = await start(name, { input: 'question 1' });
  await end(id);
  for (let turn = 2; turn <= turns; turn += 1) {
    await end((await start(name, { sessionId, input: `question ${turn}` })).id);
  }

  const rows = between.rows();
  expect(rows.at(-1)).toBeLessThan((rows[0] ?? 0) + 100);
  const last = model.requests(name).at(-1)?.messages ?? [];
  const asked = last.flatMap((message) => (message.role === 'user' ? [message.text] : []));
  expect(asked).toEqual(Array.from({ length: turns }, (_, turn) => `question ${turn + 1}`));
  expect(last).toHaveLength(turns * (2 + CALLS.length) + turns - 1);
});
