import { describe, expect, it } from '@jest/globals';
import { ModelError, type ModelProvider, type ModelRequest } from '../../src/models/model-provider.ts';
import { sized } from '../support/full-size.ts';
import { pause, poll } from '../support/poll.ts';
import { useWorkflowRig } from '../support/workflow-rig.ts';

const ALLOWED = 5;
/** How many turns one busy session has, and how many others have one each. */
const TURNS = sized(30, 100);

/** A provider that lets so many in at once, and answers 429 beyond. */
function narrowProvider() {
  let inFlight = 0;
  const seen = { most: 0, refused: 0, answered: [] as string[] };
  const inputOf = ({ messages }: ModelRequest) => {
    const last = messages.findLast(({ role }) => role === 'user');
    return last?.role === 'user' ? last.text : '';
  };
  const provider: ModelProvider = {
    async generate(request) {
      if (inFlight >= ALLOWED) {
        seen.refused += 1;
        throw new ModelError('model_rate_limited', 'HTTP 429', { retryable: true, retryAfterMs: 1_000 });
      }
      inFlight += 1;
      seen.most = Math.max(seen.most, inFlight);
      await pause(20);
      inFlight -= 1;
      seen.answered.push(inputOf(request));
      return { text: 'done', calls: [], usage: { inputTokens: 3, outputTokens: 2 } };
    },
  };
  return { provider, seen };
}

const narrow = narrowProvider();
const broken = { asked: 0 };
const flaky: ModelProvider = {
  async generate() {
    broken.asked += 1;
    throw new ModelError('model_unavailable', 'Down.', { retryable: true, retryAfterMs: 10 });
  },
};

const rig = useWorkflowRig({
  models: { narrow: narrow.provider, flaky },
  modelBook: {
    providers: {
      narrow: { maxInFlight: ALLOWED },
      flaky: { fallback: 'narrow/standby', fallbackAfterMs: 100 },
    },
    models: {},
  },
  modelProcesses: 2,
});

describe('a provider that allows so many calls at once', () => {
  it('is never asked for more by all workers together, and all turns are done, a busy session beside the others', async () => {
    const { agent, start, end, store } = rig();
    const name = await agent([], { model: 'narrow/model' });
    const busy = 'session_busy';
    const turns = [];
    for (let turn = 0; turn < TURNS; turn += 1) {
      turns.push(await start(name, { sessionId: busy, input: 'busy' }));
      turns.push(await start(name, { input: `single ${turn}` }));
    }
    for (const { id } of turns.filter((turn) => turn.sessionId !== busy)) {
      expect((await end(id)).turn.state).toBe('completed');
    }
    const before = narrow.seen.answered.filter((input) => input === 'busy').length;
    // One session has its share, not more, while as many others wait.
    expect(before).toBeLessThan(0.9 * TURNS);
    await poll(async () => (await store.sessions.turns(busy)).every(({ state }) => state === 'completed'), {
      what: 'the busy session is done',
      timeoutMs: 100_000,
      everyMs: 200,
    });
    expect(narrow.seen.most).toBeLessThanOrEqual(ALLOWED);
    expect(narrow.seen.most).toBeGreaterThan(1);
    expect(narrow.seen.refused).toBe(0);
    expect(narrow.seen.answered).toHaveLength(2 * TURNS);
    expect((await store.modelCapacity.read('narrow'))?.state).toMatchObject({ leases: {} });
  }, 180_000);
});

describe('a fallback', () => {
  it('answers while the model is out of order, at once where others know, and readers see which it was', async () => {
    const { agent, start, end } = rig();
    const name = await agent([], { model: 'flaky/model' });
    const first = await end((await start(name)).id);
    expect(first.turn.output).toBe('done');
    expect(first.of('text.completed')).toMatchObject([{ model: 'narrow/standby', text: 'done' }]);
    const asked = broken.asked;
    expect(asked).toBeGreaterThan(0);
    const second = await end((await start(name)).id);
    expect(second.of('text.completed')).toMatchObject([{ model: 'narrow/standby' }]);
    expect(broken.asked).toBe(asked);
  });
});
