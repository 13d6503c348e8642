import { afterEach, expect, it } from '@jest/globals';
import type { NoteStore } from '../../src/notes/note-store.ts';
import { createInMemoryNoteStore } from '../support/in-memory-note-store.ts';
import { poll } from '../support/poll.ts';
import { says } from '../support/scripted-model.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const inner = createInMemoryNoteStore();
/** What the note store elsewhere does with a record. */
let answer: () => Promise<void> = async () => {};
let asked = 0;
const elsewhere: NoteStore = {
  ...inner,
  async record(record) {
    asked += 1;
    await answer();
    await inner.record(record);
  },
};
const rig = useWorkflowRig({ noteStore: { elsewhere, attemptMs: 500 } });
afterEach(() => {
  answer = async () => {};
  asked = 0;
});

const undelivered = () => rig().store.noteOutbox.undelivered({ limit: 10 });

it.each([
  ['fails', () => Promise.reject(new Error('the note store is away'))],
  ['hangs', () => new Promise<never>(() => {})],
])(
  'a note store that %s keeps neither a turn from ending nor the next from beginning, and gets the record when it is back',
  async (_how, away) => {
    answer = away;
    const { agent, start, end, store } = rig();
    const name = await agent([says('One.'), says('Two.')]);
    const first = await start(name, { sessionId: `session-${_how}` });
    const second = await start(name, { sessionId: first.sessionId });
    expect((await end(first.id)).turn).toMatchObject({ state: 'completed', output: 'One.' });
    expect((await end(second.id)).turn).toMatchObject({ state: 'completed', output: 'Two.' });
    expect(asked).toBeGreaterThan(0);
    expect(await store.figures()).toMatchObject({ undeliveredNotes: 1 });

    answer = async () => {};
    await rig().noteDelivery.flush();
    expect(await undelivered()).toEqual([]);
    const [note] = (await inner.list({ path: `Threads/${name}/${first.sessionId}`, limit: 1 })).items;
    expect(note?.metadata).toMatchObject({ status: 'ok', completed: 2, lastTurnId: second.id });
    expect(note?.content).toContain('1. **completed** go\n   - One.');
  },
);

it("a worker that is killed between a turn's end and the delivery leaves it to who repeats the end", async () => {
  const { agent, start, end, activitiesWith, intercept } = rig();
  let attempts = 0;
  intercept.finishTurn = async (run, input) => {
    attempts += 1;
    if (attempts > 1) return await run();
    const killed = { changed: () => Promise.reject(new Error('killed')) };
    return await activitiesWith({ noteDelivery: killed }).finishTurn(input as never);
  };
  const turn = await start(await agent([says('Hello.')]));
  await end(turn.id);
  await poll(async () => (await undelivered()).length === 0, { what: 'the record is delivered' });
  const { items } = await inner.list({ path: `Threads/${turn.agent}/${turn.sessionId}`, limit: 1 });
  expect(items).toMatchObject([{ metadata: { lastTurnId: turn.id, lastTurnStatus: 'completed' } }]);
  expect(attempts).toBe(2);
});

it('who reads notes after a turn has ended reads its record, as soon as the note store answers', async () => {
  const { agent, start, end } = rig();
  answer = () => Promise.reject(new Error('the note store is away'));
  const name = await agent([says('The rabbit is in the hat.')]);
  const first = await start(name, { sessionId: 'session-search' });
  await end(first.id);
  answer = async () => {};
  const told = await rig().notes.list({ q: 'rabbit hat', limit: 5 });
  expect(told.items.map(({ path }) => path)).toEqual([`Threads/${name}/session-search`]);
});
