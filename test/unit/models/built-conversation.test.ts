import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TurnEvent, TurnFact } from '../../../src/contract/index.ts';
import {
  type BuiltConversation,
  buildConversation,
  continueConversation,
  countedTokens,
} from '../../../src/models/built-conversation.ts';
import type { Compaction, TranscriptRest, TranscriptTurn } from '../../../src/store/store.ts';
import {
  completed,
  edited,
  failed,
  started,
  steered,
  stepResult,
  transcriptTurn,
} from './transcript-fixture.ts';

/** How a step went: its calls, what was steered in while it was generated, what was made shorter before it. */
interface StepSketch {
  calls: ('completed' | 'failed' | 'edited')[];
  steers: number;
  compacts?: 'summary' | 'clearing';
}

interface TurnSketch {
  steps: StepSketch[];
  /** Whether it was cut off in a step that nothing is known of. */
  isCut: boolean;
  retries: boolean;
}

const anyStep: fc.Arbitrary<StepSketch> = fc.record(
  {
    calls: fc.array(fc.constantFrom('completed' as const, 'failed' as const, 'edited' as const), {
      maxLength: 3,
    }),
    steers: fc.nat({ max: 2 }),
    compacts: fc.constantFrom('summary' as const, 'clearing' as const),
  },
  { requiredKeys: ['calls', 'steers'] },
);
const anySession = fc.array(
  fc.record({
    steps: fc.array(anyStep, { minLength: 1, maxLength: 4 }),
    isCut: fc.boolean(),
    retries: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  }),
  { minLength: 1, maxLength: 4 },
);

/** The whole story of a session, turn by turn; everything in it is of this story's time. */
function storyOf(session: TurnSketch[]): TranscriptTurn[] {
  return session.map(({ steps, isCut, retries }, index) => {
    const turnId = `t${index + 1}`;
    const facts: TurnFact[] = [];
    const results: TranscriptTurn['steps'] = [];
    const compactions: TranscriptTurn['compactions'] = [];
    for (const [at, { calls, steers, compacts }] of steps.entries()) {
      const step = at + 1;
      if (compacts) compactions.push({ step, round: 0, compaction: compactionOf(compacts, index, step) });
      facts.push(started(step));
      for (let n = 0; n < steers; n += 1) facts.push(steered(`steer ${turnId}.${step}.${n}`));
      if (isCut && step === steps.length) continue;
      const ids = calls.map((_, n) => `${turnId}_${step}_${n}`);
      results.push(
        stepResult(
          step,
          `text ${step}`,
          ids.map((id) => [id, 'echo', { of: id }]),
        ),
      );
      for (const [n, id] of ids.entries()) {
        if (calls[n] === 'edited') facts.push(edited(id, { edited: id }));
        facts.push(calls[n] === 'failed' ? failed(id, 'denied', 'no') : completed(id, `${id} `.repeat(99)));
      }
    }
    facts.push(isCut ? { type: 'turn.cancelled' } : { type: 'turn.completed', output: '', usage: NO_USAGE });
    const told = transcriptTurn(`input ${turnId}`, results, facts);
    const events = told.events.map((event) => ({ ...event, turnId }) as TurnEvent);
    const turn: TranscriptTurn['turn'] = {
      ...told.turn,
      id: turnId,
      ordinal: index + 1,
      state: 'completed',
      endedAt: `2026-01-0${index + 1}T00:00:00.000Z`,
      ...(retries && index > 0 && { retryOf: `t${index}` }),
    };
    return { ...told, turn, events, compactions };
  });
}

const NO_USAGE = { inputTokens: 0, outputTokens: 0 };

function compactionOf(kind: 'summary' | 'clearing', turn: number, step: number): Compaction {
  const covers = Object.fromEntries(
    Array.from({ length: turn + 1 }, (_, index) => [`t${index + 1}`, index === turn ? step - 2 : 9]),
  );
  const text = kind === 'summary' ? { text: `summary before ${turn + 1}.${step}` } : {};
  return { covers, ...text, usage: NO_USAGE, saved: {} as Compaction['saved'] };
}

/** What the store has when a step of a turn is asked for, and what may have come in since it began. */
function seenAt(story: TranscriptTurn[], turn: number, step: number): TranscriptTurn[] {
  return story.slice(0, turn + 1).map((each, index) => {
    if (index < turn) return each;
    const next = each.events.findIndex((event) => event.type === 'step.started' && event.step === step + 1);
    const { endedAt: _endedAt, ...open } = each.turn;
    return {
      turn: { ...open, state: 'running' },
      events: each.events.slice(0, next < 0 ? each.events.length - 1 : next),
      steps: each.steps.filter((recorded) => recorded.step < step),
      compactions: each.compactions.filter((made) => made.step <= step),
    };
  });
}

/** What the store would tell of those behind a mark. */
function restOf(seen: TranscriptTurn[], { mark }: BuiltConversation): TranscriptRest {
  const from = seen.findIndex(({ turn }) => turn.id === mark?.turnId);
  return {
    turns: seen.slice(from).map(({ turn, steps, events }, index) => ({
      turn,
      steps: steps.filter(({ step }) => index > 0 || step >= (mark?.step ?? 0)),
      events: events.filter(({ seq }) => index > 0 || seq > (mark?.seq ?? 0)),
    })),
    compacted: placed(seen).map(({ compaction: _compaction, ...place }) => place),
  };
}

function placed(seen: TranscriptTurn[]) {
  return seen.flatMap(({ turn, compactions }) =>
    compactions.map((each) => ({ ...each, turnId: turn.id, ordinal: turn.ordinal })),
  );
}

it('is the same whether it is built anew or continued from any step before', async () => {
  let continuations = 0;
  await fc.assert(
    fc.asyncProperty(
      anySession,
      fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }),
      async (session, asked) => {
        const story = storyOf(session);
        let kept: BuiltConversation | undefined;
        const places = session.flatMap(({ steps }, turn) => steps.map((_, at) => ({ turn, step: at + 1 })));
        for (const [index, { turn, step }] of places.entries()) {
          // In between, other workers are asked.
          if (!asked[index]) continue;
          const seen = seenAt(story, turn, step);
          const anew = buildConversation(seen, step);
          expect(anew.mark).toMatchObject({ turnId: `t${turn + 1}`, step });
          for (let again = 0; again < 2; again += 1) {
            const continued =
              kept && (await continueConversation(kept, restOf(seen, kept), step, async () => placed(seen)));
            if (continued) {
              continuations += 1;
              expect(continued).toEqual(anew);
              expect(countedTokens(continued)).toBe(countedTokens(anew));
            } else if (kept) {
              const since = session.slice(kept.ordinals.get(kept.mark?.turnId ?? '') ?? 0, turn + 1);
              expect(since.some(({ retries }) => retries)).toBe(true);
            }
            kept = continued ?? anew;
          }
        }
      },
    ),
    { numRuns: 100 },
  );
  expect(continuations).toBeGreaterThan(100);
});

it('is built anew where the store lacks a step, or a result has come for an earlier call', async () => {
  const story = storyOf([
    {
      steps: Array.from({ length: 3 }, () => ({ calls: ['completed' as const], steers: 0 })),
      isCut: false,
      retries: false,
    },
  ]);
  const built = buildConversation(seenAt(story, 0, 2), 2);
  const rest = restOf(seenAt(story, 0, 3), built);
  const go = (changed: TranscriptRest) => continueConversation(built, changed, 3, async () => []);
  expect(await go(rest)).toBeDefined();
  const [own] = rest.turns;
  if (!own) throw new Error('There is no turn.');
  expect(await go({ ...rest, turns: [{ ...own, steps: [] }] })).toBeUndefined();
  const late = { ...completed('t1_1_0', 'late'), seq: 99, at: '', turnId: 't1' } as TurnEvent;
  expect(await go({ ...rest, turns: [{ ...own, events: [late, ...own.events] }] })).toBeUndefined();
});
