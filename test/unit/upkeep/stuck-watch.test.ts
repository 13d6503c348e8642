import { expect, it } from '@jest/globals';
import { createNames } from '../../../src/temporal/names.ts';
import { createStuckWatch } from '../../../src/upkeep/turn/stuck-watch.ts';

/** An engine that marks these workflows as failing, by what their ids begin with. */
function engineWith(failing: string[]) {
  const matching = (query: string) => {
    const prefix = /STARTS_WITH '([^']*)'/.exec(query)?.[1] ?? '';
    return failing.filter((id) => id.startsWith(prefix));
  };
  const task = { attempt: 6, originalScheduledTime: { seconds: 60 } };
  return {
    options: { namespace: 'default' },
    workflow: {
      count: async (query: string) => ({ count: matching(query).length }),
      list: ({ query }: { query: string }) => matching(query).map((workflowId) => ({ workflowId })),
      getHandle: () => ({
        describe: async () => ({ status: { name: 'RUNNING' }, raw: { pendingWorkflowTask: task } }),
      }),
    },
    workflowService: { getWorkflowExecutionHistoryReverse: async () => ({ history: { events: [] } }) },
  };
}

it('counts turns and the workflows of managed auth that are stuck, and logs each once, and when it goes on', async () => {
  const failing = ['turn:i1:t1', 'auth:i1:c1', 'auth-flow:i1:f1', 'auth:i2:c2'];
  const counts: Record<string, number> = {};
  const lines: object[] = [];
  const note = (fields: object, said: string) => lines.push({ ...fields, said });
  const watch = createStuckWatch({
    client: engineWith(failing) as never,
    names: createNames({ id: 'i1', inNames: true }),
    metrics: {
      setStuck: (kind, count) => {
        counts[kind] = count;
      },
    },
    log: { warn: note, info: note } as never,
  });
  expect([await watch.run(), await watch.run()]).toEqual([3, 3]);
  expect(counts).toEqual({ turn: 1, connection: 1, login: 1, webhook_delivery: 0 });
  const stuck = 'is stuck: its workflow task fails again and again';
  expect(lines).toMatchObject([
    { turnId: 't1', reason: 'task_failing', attempt: 6, said: `turn ${stuck}` },
    { connectionId: 'c1', said: `connection ${stuck}` },
    { flowId: 'f1', said: `login ${stuck}` },
  ]);
  failing.pop();
  failing.pop();
  await watch.run();
  expect([counts['login'], lines.at(-1)]).toEqual([0, { flowId: 'f1', said: 'login goes on' }]);
});
