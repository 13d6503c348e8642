import type { Usage } from '../../contract/index.ts';
import { append } from '../../core/turn/turn.ts';
import { addUsage } from '../../core/turn/usage.ts';
import { whereTurnIs } from '../elsewhere.ts';
import { turnFailure } from '../failures.ts';
import { modelProxy, resumeStep } from './activity-proxies.ts';
import { onCapableWorker } from './capable-worker.ts';
import { carrying } from './carrying.ts';
import type { RunningTurn } from './running-turn.ts';
import type { Again, CompactionDue, ModelStep } from './turn-activities.ts';

/** How often a conversation is made shorter for one step; each time to half of what it was. */
const MOST_ROUNDS = 8;

/**
 * What the model answers in a step; its tokens are counted, and those of what was asked on the way. The first one of a retry
 * may be the step in which the retried turn was cut short. A conversation that is too long is made shorter first, and again
 * where the provider still refuses it.
 */
export async function askModel(turn: RunningTurn, step: number): Promise<ModelStep> {
  const { turnId, prepared } = turn;
  if (step === 1 && prepared.retry?.resumes) {
    const resumed = await whereTurnIs(() => carrying(turn, (carry) => resumeStep({ turnId, ...carry })));
    return counted(turn, resumed);
  }
  for (let round = 0; ; round += 1) {
    const compaction = prepared.compacts && round < MOST_ROUNDS ? { compaction: { round } } : {};
    const asked = { turnId, step, ...compaction };
    const answer = await withModel(turn, ({ callModel }, again) =>
      carrying(turn, (carry) => callModel({ ...asked, ...carry, ...again })),
    );
    if (!('compact' in answer)) return counted(turn, answer);
    await compact(turn, { step, round }, answer.compact);
  }
}

/** The same answer, with what it cost added to what the turn has used. */
function counted<T extends { usage: Usage }>({ memory }: RunningTurn, answer: T): T {
  memory.usage = addUsage(memory.usage, answer.usage);
  return answer;
}

type Asking = ReturnType<typeof modelProxy>;

/** A worker that has no such model leaves it to another. */
function withModel<R>(
  turn: RunningTurn,
  run: (activities: Asking, again: { again?: Again }) => Promise<R>,
): Promise<R> {
  const { sessionId, prepared } = turn;
  return whereTurnIs(() =>
    onCapableWorker(turn, 'model', (again) =>
      run(modelProxy(prepared.modelQueue, sessionId, again), again ? { again } : {}),
    ),
  );
}

async function compact(
  turn: RunningTurn,
  at: { step: number; round: number },
  due: CompactionDue,
): Promise<void> {
  const { turnId } = turn;
  const compacted = await withModel(turn, ({ compactContext }, again) =>
    carrying(turn, (carry) => compactContext({ turnId, ...at, due, ...carry, ...again })),
  );
  const { saved } = counted(turn, compacted);
  if (saved) append(turn, { type: 'context.compacted', ...saved });
  else if (due.reason === 'overflow') {
    throw turnFailure(
      'model_context_overflow',
      due.message ?? 'The conversation is too long for the model, and nothing of it can be left out.',
    );
  }
}
