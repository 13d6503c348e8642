import fc from 'fast-check';
import type { JsonObject, TurnEvent, TurnFact } from '../../src/contract/index.ts';
import { digestOf } from '../../src/digest.ts';
import { anyInput, BY, LATER, nastyText } from './builders.ts';

type Facts = fc.Arbitrary<TurnFact[]>;

const AT = Date.parse('2026-11-21T12:00:00.000Z');

/** The facts as a turn's events: numbered, each a second after the one before. */
export function eventsOf(facts: TurnFact[], turnId = 'turn_1'): TurnEvent[] {
  return facts.map((fact, index) => {
    const at = new Date(AT + index * 1_000).toISOString();
    return { seq: index + 1, at, turnId, ...fact } as TurnEvent;
  });
}

/** What may become of some calls, one after another or at once, up to any moment. */
export const callFacts: Facts = fc
  .tuple(...['call_a', 'call_b', 'call_c'].map(lifeOf))
  .chain((lives) =>
    fc
      .tuple(fc.infiniteStream(fc.nat(lives.length - 1)), fc.nat(lives.flat().length))
      .map(([turns, length]) => interleaved(lives, turns).slice(0, length)),
  );

function interleaved(lives: TurnFact[][], turns: Iterator<number>): TurnFact[] {
  const left = lives.map((life) => [...life]);
  const facts: TurnFact[] = [];
  while (left.some((life) => life.length > 0)) {
    const fact = left[turns.next().value as number]?.shift();
    if (fact) facts.push(fact);
  }
  return facts;
}

/** One call as a workflow tells it: requested, decided on where somebody is asked, executed or handed in, settled. */
function lifeOf(callId: string): Facts {
  return anyInput.chain((input) =>
    fc
      .tuple(requestOf(callId, input), decisionOn(callId, input), executionOf(callId), endOf(callId))
      .map((parts) => parts.flat()),
  );
}

function requestOf(callId: string, input: JsonObject): Facts {
  return fc.constantFrom('server', 'client').map((locus) => [
    {
      type: 'tool_call.requested',
      callId,
      step: 1,
      tool: 'write',
      locus,
      gate: 'ask',
      input,
      inputDigest: digestOf(input),
    },
  ]);
}

function decisionOn(callId: string, input: JsonObject): Facts {
  const inputDigest = digestOf(input);
  const asked: TurnFact = {
    type: 'approval.requested',
    callId,
    tool: 'write',
    input,
    inputDigest,
    expiresAt: LATER,
    allowedActions: ['allow', 'deny', 'always', 'respond'],
  };
  const automatic: TurnFact = {
    type: 'approval.resolved',
    callId,
    action: 'policy',
    via: 'policy',
    rule: 'allow[0]',
    inputDigest,
  };
  const decided = fc
    .tuple(
      fc.constantFrom('allow', 'always', 'deny', 'respond', 'expired', 'granted'),
      fc.option(anyInput),
      fc.option(nastyText),
    )
    .map(
      ([action, edited, message]): TurnFact => ({
        type: 'approval.resolved',
        callId,
        action: action as 'allow',
        via: 'update',
        decisionId: `msg_${callId}`,
        ...(action !== 'expired' && { by: BY }),
        ...(message !== null && { message }),
        ...(edited !== null && { input: edited }),
        inputDigest: edited === null ? inputDigest : digestOf(edited),
      }),
    );
  return fc.oneof(
    fc.constantFrom<TurnFact[]>([], [automatic]),
    decided.map((resolved): TurnFact[] => [asked, resolved]),
  );
}

function executionOf(callId: string): Facts {
  return fc.constantFrom<TurnFact[]>(
    [],
    [{ type: 'tool_call.awaiting_result', callId }],
    [{ type: 'tool_call.started', callId, attempt: 1 }],
    [
      { type: 'tool_call.started', callId, attempt: 1 },
      { type: 'tool_call.started', callId, attempt: 2 },
    ],
  );
}

function endOf(callId: string): Facts {
  const resultDigest = fc.option(nastyText.map(digestOf));
  return fc.oneof(
    fc
      .tuple(nastyText, resultDigest)
      .map(([output, digest]): TurnFact[] => [
        { type: 'tool_call.completed', callId, output, ...(digest !== null && { resultDigest: digest }) },
      ]),
    fc.tuple(nastyText, resultDigest).map(([message, digest]): TurnFact[] => [
      {
        type: 'tool_call.failed',
        callId,
        error: { code: 'tool_error', message },
        ...(digest !== null && { resultDigest: digest }),
      },
    ]),
  );
}
