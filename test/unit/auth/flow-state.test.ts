import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FlowView } from '../../../src/contract/index.ts';
import {
  applyFact,
  type FlowFact,
  type FlowState,
  initialFlowState,
} from '../../../src/core/auth/flow-state.ts';
import { askAbout } from '../../../src/core/auth/question.ts';
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
  .map(({ refs, choices, interactionId, rejected, websiteError, ssoProvider, notice }) => {
    const page = aForm(refs, {
      choices: choices.map((id) => aChoice(id)),
      ...(websiteError !== undefined && { websiteError }),
      ...(ssoProvider !== undefined && { ssoProvider }),
    });
    return askAbout(page, page.fields, [], {
      interactionId,
      rejected,
      ...(notice !== undefined && { notice }),
    });
  });

const fact: fc.Arbitrary<FlowFact> = fc.oneof(
  fc.constant<FlowFact>({ type: 'discovering' }),
  fc.constantFrom('google', null).map((ssoProvider): FlowFact => ({ type: 'submitting', ssoProvider })),
  question.map((asked): FlowFact => ({ type: 'asked', question: asked })),
  fc
    .tuple(question, fc.string({ maxLength: 20 }))
    .map(([asked, message]): FlowFact => ({ type: 'sent_elsewhere', question: asked, message })),
);
const end: fc.Arbitrary<FlowFact> = fc.oneof(
  fc.constant<FlowFact>({ type: 'succeeded', postLoginUrl: 'https://site.example/' }),
  fc
    .constantFrom('FAILED' as const, 'EXPIRED' as const, 'CANCELED' as const)
    .map((status): FlowFact => ({ type: 'ended', status, code: null, message: 'Over.' })),
);

const stateAfter = (facts: FlowFact[]): FlowState => facts.reduce(applyFact, START);

describe('the state of a flow', () => {
  it('always makes a view that the contract knows', () => {
    fc.assert(
      fc.property(fc.array(fact), fc.option(end), (facts, last) => {
        const { view } = stateAfter(last ? [...facts, last] : facts);
        expect(FlowView.safeParse(view).error).toBeUndefined();
      }),
    );
  });

  it('counts each change that is shown, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(fact), (facts) => {
        let state = START;
        for (const each of facts) {
          const next = applyFact(state, each);
          const { revision: before, ...shownBefore } = state.view;
          const { revision, ...shown } = next.view;
          const changed = JSON.stringify(shown) !== JSON.stringify(shownBefore);
          expect(revision).toBe(before + (changed ? 1 : 0));
          state = next;
        }
      }),
    );
  });

  it('is final once it has ended', () => {
    fc.assert(
      fc.property(fc.array(fact), end, fc.array(fc.oneof(fact, end)), (facts, last, later) => {
        const ended = stateAfter([...facts, last]);
        expect(later.reduce(applyFact, ended)).toEqual(ended);
        expect(ended.question).toBeUndefined();
      }),
    );
  });

  it('asks exactly while it waits, and each view is whole by itself', () => {
    fc.assert(
      fc.property(fc.array(fact), fact, (facts, last) => {
        const { view, question: asked } = stateAfter([...facts, last]);
        const waits = view.flow_step === 'AWAITING_INPUT' || view.flow_step === 'AWAITING_EXTERNAL_ACTION';
        expect(view.interaction_id !== null).toBe(waits);
        expect(asked?.interactionId ?? null).toBe(view.interaction_id);
        const { revision: _one, ...whole } = view;
        const { revision: _two, ...fresh } = applyFact(START, last).view;
        if (last.type !== 'discovering') expect(whole).toEqual(fresh);
      }),
    );
  });
});
