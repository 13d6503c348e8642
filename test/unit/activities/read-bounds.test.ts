import { describe, expect, it } from '@jest/globals';
import type { ActivityDeps } from '../../../src/activities/deps.ts';
import { readBounds } from '../../../src/activities/turn/read-bounds.ts';
import { AgentDefinition, type SandboxTerms } from '../../../src/contract/index.ts';
import { boundsOf, DEFAULT_BOUNDS, MIB } from '../../../src/tools/bounds.ts';
import type { RunToolInput } from '../../../src/workflows/turn/turn-activities.ts';

const call = { turnId: 'turn' } as RunToolInput;
const bounds = boundsOf({ memoryMiB: 100, processes: 50, workspaceMiB: 10 });

function deps(sandbox?: SandboxTerms, more: Partial<ActivityDeps> = { bounds }): ActivityDeps {
  const definition = { name: 'scribe', model: 'rehearsal/script', ...(sandbox && { sandbox }) };
  const digests = { definition: 'definition', catalogue: 'catalogue' };
  return {
    store: {
      turns: { get: async (id: string) => (id === 'turn' ? { id, agent: 'scribe', digests } : undefined) },
      snapshots: { get: async (digest: string) => (digest === 'definition' ? definition : []) },
    },
    ...more,
  } as unknown as ActivityDeps;
}

describe('what the agent of a call may take up', () => {
  it('is narrowed by the definition that its turn is pinned to', async () => {
    expect(await readBounds(deps({ processes: 20, workspaceMiB: 1_000 }), call)).toEqual({
      ...bounds,
      processes: 20,
    });
  });

  it('is what the worker allows where the definition says nothing, or the store does not know it', async () => {
    expect(await readBounds(deps(), call)).toEqual(bounds);
    expect(await readBounds(deps({ processes: 20 }), { ...call, turnId: 'other' })).toEqual(bounds);
  });

  it('has defaults', async () => {
    expect(await readBounds(deps({ memoryMiB: 64 }, {}), call)).toEqual({
      ...DEFAULT_BOUNDS,
      memoryBytes: 64 * MIB,
    });
  });

  it('is checked where an agent is defined', () => {
    const withTerms = (sandbox: object) =>
      AgentDefinition.safeParse({ name: 'scribe', model: 'rehearsal/script', sandbox }).success;
    expect(withTerms({ memoryMiB: 64, processes: 20, workspaceMiB: 5 })).toBe(true);
    for (const wrong of [{ memoryMiB: 1 }, { processes: 0 }, { workspaceMiB: 1.5 }, { memory: 64 }]) {
      expect(withTerms(wrong)).toBe(false);
    }
  });
});
