import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { ActivityDeps } from '../../../src/activities/deps.ts';
import { createToolExecutions } from '../../../src/activities/turn/tool-executions.ts';
import type { LedgerRow } from '../../../src/store/store.ts';
import { defineTool } from '../../../src/tools/define-tool.ts';

/** Not idempotent: what it makes of a text is no text that it takes. */
const Amount = z
  .string()
  .regex(/^\d+ EUR$/)
  .transform((text) => Number.parseInt(text, 10));

const pay = defineTool({
  name: 'pay',
  description: 'Pays.',
  input: z.strictObject({ amount: Amount }),
  idempotent: false,
  gate: 'allow',
  timeoutMs: 10_000,
  run: async ({ amount }) => `paid ${amount + 1}`,
});

/** Executes a call of the tool; answers what is settled for it. */
async function settledFor(input: Record<string, unknown>): Promise<unknown> {
  const row = { state: 'started', executions: 1, startedAt: '2030-01-01T00:00:00.000Z' } as LedgerRow;
  const deps = {
    store: {
      ledger: {
        begin: async () => ({ begun: true, row }),
        settle: async (_id: string, result: unknown) => result,
      },
    },
    tools: { get: () => pay },
    workspacesDir: tmpdir(),
    metrics: { observeToolCall() {} },
    now: () => new Date(0),
  } as unknown as ActivityDeps;
  const call = {
    ...{ callId: 'c', tool: 'pay', turnId: 't', sessionId: 's', agent: 'payer', step: 1, events: [] },
    ...{ idempotent: false, timeoutMs: 10_000, edited: false },
  };
  return createToolExecutions(deps).run(call, input, new AbortController().signal);
}

describe("a tool's input", () => {
  it('is parsed once: a transform sees what the model wrote, and not its own result', async () => {
    expect(await settledFor({ amount: '41 EUR' })).toEqual({ content: 'paid 42' });
  });

  it('that does not fit is told to the model with one code, problem by problem', async () => {
    expect(await settledFor({ amount: '41', note: 'x' })).toEqual({
      error: {
        code: 'invalid_input',
        message: 'amount: Invalid string: must match pattern /^\\d+ EUR$/; input: Unrecognized key: "note"',
      },
    });
  });
});
