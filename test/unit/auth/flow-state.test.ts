import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FlowView } from '../../../src/contract/index.ts';
import {
  enterPhase,
  type FlowPhase,
  type FlowState,
  initialFlowState,
  questionOf,
} from '../../../src/core/auth/flow-state.ts';
import type { Question } from '../../../src/core/auth/question.ts';
import { endedView, toFlowView } from '../../../src/core/auth/vendor-view.ts';
import { aChoice, aForm } from '../../support/scripted-browser.ts';

const START = initialFlowState({
  flowId: 'flow_1',
  type: 'LOGIN',
  expiresAt: '2026-11-21T12:20:00.000Z',
  hostedUrl: null,
});

const question = fc
  .record({
    refs: fc.uniqueArray(fc.constantFrom('username', 'password', 'code', 'pin'), { maxLength: 3 }),
    choices: fc.uniqueArray(fc.constantFrom('a', 'b'), { maxLength: 2 }),
    interactionId: fc.uuid().map((id) => `int_${id}`),
    rejected: fc.boolean(),
    websiteError: fc.option(fc.string({ maxLength: 20 }), { nil: undefined }),
    ssoProvider: fc.option(fc.constantFrom('google', 'contoso'), { nil: undefined }),
    notice: fc.option(fc.string({ maxLength: 20 }), { nil: undefined }),
  })
  .map(({ refs, choices, interactionId, rejected, websiteError, ssoProvider, notice }): Question => {
    const page = aForm(refs, {
      choices: choices.map((id) => aChoice(id)),
      ...(websiteError !== undefined && { websiteError }),
      ...(ssoProvider !== undefined && { ssoProvider }),
    });
    const asked = page.fields;
    return { interactionId, page, asked, known: [], rejected, ...(notice !== undefined && { notice }) };
  });

const phase: fc.Arbitrary<FlowPhase> = fc.oneof(
  fc.constant<FlowPhase>({ type: 'discovering' }),
  fc.constantFrom('google', null).map((ssoProvider): FlowPhase => ({ type: 'submitting', ssoProvider })),
  question.map((asked): FlowPhase => ({ type: 'asking', question: asked })),
  fc
    .tuple(question, fc.string({ maxLength: 20 }))
    .map(([asked, message]): FlowPhase => ({ type: 'awaiting_external', question: asked, message })),
);
const end: fc.Arbitrary<FlowPhase> = fc.oneof(
  fc.constant<FlowPhase>({ type: 'succeeded', postLoginUrl: 'https://site.example/' }),
  fc
    .constantFrom('FAILED' as const, 'EXPIRED' as const, 'CANCELED' as const)
    .map((status): FlowPhase => ({ type: 'ended', status, code: null, message: 'Over.' })),
);

const OVER = { type: 'ended', status: 'EXPIRED', code: 'session_expired', message: 'Over.' } as const;

const stateAfter = (phases: FlowPhase[]): FlowState => phases.reduce(enterPhase, START);

describe('the state of a flow', () => {
  it('always makes a view that the contract knows', () => {
    fc.assert(
      fc.property(fc.array(phase), fc.option(end), (phases, last) => {
        const view = toFlowView(stateAfter(last ? [...phases, last] : phases));
        expect(FlowView.safeParse(view).error).toBeUndefined();
      }),
    );
  });

  it('counts each change that is shown, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(phase), (phases) => {
        let state = START;
        for (const each of phases) {
          const next = enterPhase(state, each);
          const { revision: before, ...shownBefore } = toFlowView(state);
          const { revision, ...shown } = toFlowView(next);
          const changed = JSON.stringify(shown) !== JSON.stringify(shownBefore);
          expect(revision).toBe(before + (changed ? 1 : 0));
          state = next;
        }
      }),
    );
  });

  it('ends a view that is stored as the workflow would have ended it', () => {
    fc.assert(
      fc.property(fc.array(phase), (phases) => {
        const state = stateAfter(phases);
        expect(endedView(toFlowView(state), OVER)).toEqual(toFlowView(enterPhase(state, OVER)));
      }),
    );
  });

  it('is final once it has ended', () => {
    fc.assert(
      fc.property(fc.array(phase), end, fc.array(fc.oneof(phase, end)), (phases, last, later) => {
        const ended = stateAfter([...phases, last]);
        expect(later.reduce(enterPhase, ended)).toEqual(ended);
        expect(questionOf(ended)).toBeUndefined();
        expect(endedView(toFlowView(ended), OVER)).toEqual(toFlowView(ended));
      }),
    );
  });

  it('asks exactly while it waits, and each view is whole by itself', () => {
    fc.assert(
      fc.property(fc.array(phase), phase, (phases, last) => {
        const state = stateAfter([...phases, last]);
        const view = toFlowView(state);
        const waits = view.flow_step === 'AWAITING_INPUT' || view.flow_step === 'AWAITING_EXTERNAL_ACTION';
        expect(view.interaction_id !== null).toBe(waits);
        expect(questionOf(state)?.interactionId ?? null).toBe(view.interaction_id);
        const { revision: _one, ...whole } = view;
        const { revision: _two, ...fresh } = toFlowView(enterPhase(START, last));
        if (last.type !== 'discovering') expect(whole).toEqual(fresh);
      }),
    );
  });
});
