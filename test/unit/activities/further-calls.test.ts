import { describe, expect, it } from '@jest/globals';
import type { ActivityDeps } from '../../../src/activities/deps.ts';
import { readFurther } from '../../../src/activities/turn/further-calls.ts';
import { type Approval, type Grant, Policy } from '../../../src/contract/index.ts';
import { digestOf } from '../../../src/digest.ts';
import type { RunToolInput } from '../../../src/workflows/turn/turn-activities.ts';
import { aGrant } from '../../support/builders.ts';

const FIRST = { url: 'https://a.example/' };
const NEXT = { url: 'https://a.example/next' };
const rules = [
  { tool: 'http_fetch', gate: 'deny' as const, args: { url: 'https://evil.test/**' }, reason: 'Never.' },
  { tool: 'http_fetch', gate: 'ask' as const, args: { url: 'https://b.example/**' } },
];

interface Situation {
  grants?: Partial<Grant>[];
  approval?: Partial<Approval>;
}

async function said(next: { url: string }, { grants = [], approval }: Situation = {}) {
  const definition = {
    name: 'a',
    instructions: '',
    model: 'rehearsal/any',
    tools: ['http_fetch'],
    policy: Policy.parse({ rules }),
  };
  const deps = {
    now: () => new Date('2030-01-01T00:00:00.000Z'),
    tools: { describe: () => ({ gate: 'ask', subjects: { url: { kind: 'url' } } }) },
    store: {
      turns: { get: async () => ({ startedAt: 'x', digests: { definition: 'd', catalogue: 'c' } }) },
      snapshots: { get: async (digest: string) => (digest === 'd' ? definition : []) },
      grants: { inForce: async () => grants.map((grant) => aGrant({ tool: 'http_fetch', ...grant })) },
      approvals: { get: async () => approval },
    },
  } as unknown as ActivityDeps;
  const call = { turnId: 't', sessionId: 's', callId: 'c', tool: 'http_fetch' } as RunToolInput;
  return (await readFurther(deps, call, FIRST))(next);
}

describe('what a call leads to', () => {
  it('is asked for by the same rule, and approved only where a person decided of this very call', async () => {
    const asked = { gate: 'ask', rule: 'tool', sameRule: true };
    expect(await said(NEXT)).toEqual({ ...asked, approved: false });
    expect(await said(NEXT, { approval: { action: 'allow' } })).toEqual({ ...asked, approved: true });
    expect(await said(NEXT, { approval: { action: 'granted' } })).toEqual({ ...asked, approved: false });
    const exact = { matcher: { kind: 'exact' as const, inputDigest: digestOf(FIRST) } };
    expect(await said(NEXT, { grants: [exact] })).toEqual({ ...asked, approved: true });
  });

  it('is allowed where a grant covers it, and not by one that is counted', async () => {
    const matcher = { kind: 'glob' as const, args: { url: 'https://a.example/**' } };
    expect(await said(NEXT, { grants: [{ matcher }] })).toEqual({ gate: 'allow' });
    expect(await said(NEXT, { grants: [{ matcher, maxUses: 1 }] })).toMatchObject({ gate: 'ask' });
  });

  it('is denied or asked for by a rule of its own, whatever was decided of the call', async () => {
    const approval = { action: 'allow' as const };
    expect(await said({ url: 'HTTPS://Evil.test.' }, { approval, grants: [{}] })).toEqual({
      gate: 'deny',
      rule: 'rules[0]',
      reason: 'Never.',
      sameRule: false,
    });
    expect(await said({ url: 'https://b.example/' }, { approval })).toMatchObject({
      rule: 'rules[1]',
      approved: false,
    });
  });
});
