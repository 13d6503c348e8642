import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { joinBoxes } from '../../src/browser/page/code-boxes.ts';
import { isFillable } from '../../src/browser/page/field-kind.ts';
import { formPartsOf } from '../../src/browser/page/form/form-part.ts';
import type { Control, FrameSnapshot } from '../../src/browser/page/frame-snapshot.ts';
import { loginFormsOf } from '../../src/browser/page/login-form.ts';
import { bounds } from '../support/fuzz.ts';
import { control, link, snapshotOf, submitButton } from '../support/readings/made-up.ts';
import { asksOf, readSnapshot } from '../support/readings/recorded.ts';

const WORDS = [
  'Email or phone',
  'Password',
  'New password',
  'Confirm password',
  'Security code',
  'Code',
  'Last name',
  'Card number',
  'Branch',
  'Postcode',
  'アカウント',
  '',
];
const BUTTONS = ['Sign in', 'Next', 'Create account', 'Search', 'Subscribe', 'Save', 'Forgot?', 'Show', ''];
const TYPES = ['text', 'password', 'email', 'tel', 'search', 'hidden'];

const chance = fc.integer({ min: 0, max: 9 });
const input = fc
  .record({
    label: fc.constantFrom(...WORDS),
    type: fc.constantFrom(...TYPES),
    name: fc.constantFrom('user', 'pass', 'code-1', 'code-2', 'q', ''),
    autocomplete: fc.constantFrom('', '', '', 'username', 'new-password', 'cc-number', 'one-time-code'),
    maxLength: fc.constantFrom(0, 0, 1, 6),
    width: fc.constantFrom(40, 200),
    region: fc.constantFrom('', '', '', 'nav', 'footer'),
    group: fc.constantFrom(0, 0, 1),
    shown: chance.map((n) => n > 1),
    disabled: chance.map((n) => n === 0),
    readOnly: chance.map((n) => n === 0),
    required: fc.boolean(),
    empty: chance.map((n) => n > 0),
  })
  .map(control);
const button = fc
  .record({
    label: fc.constantFrom(...BUTTONS),
    submits: fc.boolean(),
    shown: chance.map((n) => n > 1),
    group: fc.constantFrom(0, 0, 1),
  })
  .map(({ label, ...facts }) => submitButton(label, facts));
const page = fc
  .array(fc.oneof({ arbitrary: input, weight: 3 }, { arbitrary: button, weight: 1 }), { maxLength: 14 })
  .map((controls) => twoGroups(controls));
/** Links that say nothing of a login. */
const unrelated = fc.array(
  fc.constantFrom('Pricing', 'Blog', 'Terms', 'Gartenmöbel', '商品').map((label) => link(label)),
  {
    maxLength: 12,
  },
);

function twoGroups(controls: readonly Control[]): FrameSnapshot {
  const snapshot = snapshotOf(controls);
  const [form] = snapshot.groups;
  return { ...snapshot, groups: form === undefined ? [] : [form, { ...form, form: false }] };
}

describe('reading a made-up page', () => {
  it('asks for nothing but inputs that are shown and can be filled, once each', () => {
    fc.assert(
      fc.property(page, (snapshot) => {
        for (const { entries } of loginFormsOf(snapshot)) {
          const asked = entries.flatMap(({ controls }) => controls);
          expect(asked.every((each) => each.shown && isFillable(each))).toBe(true);
          expect(new Set(asked).size).toBe(asked.length);
          expect(asked.length).toBeGreaterThan(0);
        }
      }),
      bounds(1_000),
    );
  });

  it('takes nothing for a login that asks neither for a user name nor for a secret', () => {
    fc.assert(
      fc.property(page, (snapshot) => {
        for (const { purpose, entries } of loginFormsOf(snapshot)) {
          if (purpose !== 'login') continue;
          const kinds = entries.filter(({ optional }) => !optional).map(({ kind }) => kind);
          expect(kinds.some((kind) => ['identifier', 'password', 'character'].includes(kind))).toBe(true);
          expect(kinds.filter((kind) => kind === 'identifier').length).toBeLessThan(3);
        }
      }),
      bounds(1_000),
    );
  });

  it('reads the same wherever unrelated links stand', () => {
    const places = fc.array(fc.nat(), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(page, unrelated, places, places, (snapshot, links, one, other) => {
        const strewn = (at: readonly number[]) => {
          const controls = [...snapshot.controls];
          for (const [n, each] of links.entries())
            controls.splice((at[n] ?? 0) % (controls.length + 1), 0, each);
          return readSnapshot({ ...snapshot, controls });
        };
        const [a, b] = [strewn(one), strewn(other)];
        expect([a.purpose, asksOf(a), a.fingerprint]).toEqual([b.purpose, asksOf(b), b.fingerprint]);
      }),
      bounds(500),
    );
  });

  it('loses no field where it cuts a page into forms, and joins no boxes across them', () => {
    fc.assert(
      fc.property(page, (snapshot) => {
        const parts = formPartsOf(snapshot).map(({ controls }) => controls.filter(isFillable));
        const fields = snapshot.controls.filter(isFillable);
        const cut = parts.flat();
        expect(cut.every((each) => fields.includes(each))).toBe(true);
        expect(new Set(cut).size).toBe(cut.length);
        expect(joinBoxes(fields).flat()).toEqual(fields);
      }),
      bounds(500),
    );
  });

  it('never takes a page for a choice while a password is in sight', () => {
    fc.assert(
      fc.property(page, (snapshot) => {
        const secret = snapshot.controls.some((each) => each.type === 'password' && isFillable(each));
        expect(secret && readSnapshot(snapshot).purpose === 'choice').toBe(false);
      }),
      bounds(500),
    );
  });
});
