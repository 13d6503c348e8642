import { describe, expect, it } from '@jest/globals';
import { initialFlowState } from '../../../src/core/auth/flow-state.ts';
import { learn } from '../../../src/core/auth/learning.ts';
import type { AnswerablePage } from '../../../src/core/auth/question.ts';
import { remarksOn } from '../../../src/core/auth/remarks.ts';
import { toFlowView } from '../../../src/core/auth/vendor-view.ts';

const state = initialFlowState({
  flowId: 'f',
  type: 'LOGIN',
  expiresAt: '2026-11-21T12:00:00.000Z',
  hostedUrl: null,
});
const page: AnswerablePage = {
  kind: 'form',
  fingerprint: 'form-1',
  url: 'https://example.com/login',
  fields: [],
  choices: [{ id: 'c', type: 'other', label: 'Resend code', selector: '/x', effect: 'sends_code' }],
};

describe('remarksOn', () => {
  it('tells each notice that was answered, and by what', () => {
    const remarks = remarksOn({
      ...page,
      consent: [{ answer: 'reject', label: 'Reject all' }],
      codeSent: true,
    });
    expect(remarks).toEqual([
      'A consent notice of the site was answered with “Reject all”: everything that can be refused was refused.',
      'The site was asked to send a code.',
    ]);
    expect(remarksOn(page)).toEqual([]);
  });

  it('reaches the view, where there is something to tell', () => {
    expect(toFlowView(state)).not.toHaveProperty('remarks');
    const told = { ...state, memory: { ...state.memory, remarks: ['One.'] } };
    expect(toFlowView(told).remarks).toEqual(['One.']);
  });
});

describe('a choice that has a code sent', () => {
  it('is shown as an older client can show it, and marked for others', () => {
    const question = { interactionId: 'i', page, asked: [], known: [], rejected: false };
    const view = toFlowView({ ...state, phase: { type: 'asking', question } });
    expect(view.choices).toMatchObject([{ type: 'other', label: 'Resend code', context: 'sends_code' }]);
    expect(view.sign_in_options).toMatchObject([{ id: 'c', label: 'Resend code' }]);
  });

  it('is no step of the way that a re-auth goes', () => {
    const { memory } = structuredClone(state);
    learn(memory, page, { fingerprint: 'form-1', fill: [], choiceId: 'c', submit: false });
    expect([memory.needs, memory.steps]).toEqual([[], []]);
  });
});
