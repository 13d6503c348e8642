import { describe, expect, it } from '@jest/globals';
import type { AuthActivityDeps } from '../../../src/activities/auth/deps.ts';
import { takeValues } from '../../../src/activities/auth/typed-values.ts';
import type { ValueSource } from '../../../src/core/auth/planned-act.ts';
import type { ConnectionRecord } from '../../../src/store/auth-store.ts';

const CONNECTION = { id: 'ma_1', domain: 'site.example', settings: {} } as unknown as ConnectionRecord;
/** Ten seconds into a code's time. */
const NOW = new Date('2026-11-29T12:00:10.000Z');

/** What would be typed, and how many codes that took. */
async function typed(sources: ValueSource[]) {
  let codes = 0;
  const deps = {
    now: () => NOW,
    credentials: {
      resolve: async () => ({
        id: 'cred_1',
        source: 'store',
        domains: ['site.example'],
        values: { password: 'Secret42' },
        totpSecret: 'JBSWY3DPEHPK3PXP',
      }),
    },
    auth: {
      credentials: {
        useTotp: async () => {
          codes += 1;
          return true;
        },
      },
    },
  } as unknown as AuthActivityDeps;
  const fill = sources.map((from, index) => ({ fieldId: `f${index}`, ref: 'code', from }));
  const values = await takeValues(
    deps,
    {
      flowId: 'flow_1',
      connection: CONNECTION,
      act: { fingerprint: 'p', fill, submit: true },
      page: 'https://site.example/login',
    },
    new AbortController().signal,
  );
  return { values: values.map(({ value }) => value), codes };
}

const totp = (count: number): ValueSource[] => Array.from({ length: count }, () => ({ kind: 'totp' }));

describe('what is typed from a credential', () => {
  it('B9 is one code for one act: spread over six fields, or the same in two', async () => {
    const six = await typed(totp(6));
    expect(six.codes).toBe(1);
    expect(six.values.join('')).toMatch(/^\d{6}$/);
    const two = await typed(totp(2));
    expect([two.codes, two.values[0]]).toEqual([1, two.values[1]]);
    expect(two.values[0]).toBe(six.values.join(''));
  });

  it('B3 is the character at the position that is asked for; a password that is too short has none', async () => {
    const at = (position: number): ValueSource => ({ kind: 'credential', key: 'password', position });
    expect((await typed([at(2), at(5), at(8)])).values).toEqual(['e', 'e', '2']);
    await expect(typed([at(9)])).rejects.toMatchObject({ reason: 'value_gone' });
  });
});
