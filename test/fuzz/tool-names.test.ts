import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ModelMessage } from '../../src/models/model-provider.ts';
import { wireName } from '../../src/models/wire-names.ts';
import { ask, VENDORS } from '../adapters/models/vendors.ts';
import { useWireServer } from '../adapters/models/wire-server.ts';
import { bounds } from '../support/fuzz.ts';
import { MAX_STALL_MS, watchLoop } from '../support/loop-delay.ts';
import { anthropicFaults } from '../support/provider-rules/anthropic.ts';
import { chatFaults, responsesFaults } from '../support/provider-rules/openai.ts';
import type { Rules } from '../support/provider-rules/rules.ts';

const RULES: Record<string, Rules> = {
  anthropic: anthropicFaults,
  openai: responsesFaults,
  'openai-compatible': chatFaults,
};

const wire = useWireServer();

/** Names that differ in what a wire name leaves out, that look like one, that objects have, that are long. */
const part = fc.constantFrom(
  'read',
  'file',
  '.',
  ':',
  '_',
  ' ',
  '-',
  '/',
  'ß',
  '文',
  '🙂',
  '\u0000',
  '\ud800',
  '0',
  'A',
);
const name = fc
  .oneof(
    { weight: 5, arbitrary: fc.array(part, { minLength: 1, maxLength: 8 }).map((parts) => parts.join('')) },
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'functions.read:0', '_', '-'),
    fc.tuple(part, fc.integer({ min: 60, max: 600 })).map(([piece, times]) => piece.repeat(times)),
  )
  .filter((text) => /[^\s\p{Cc}]/u.test(text));
const names = fc.uniqueArray(name, { minLength: 2, maxLength: 12, selector: (text) => text.toWellFormed() });

describe('names of tools, whatever a model makes up', () => {
  it('are legal on the wire, each another, and legal ones stay as they are', () => {
    fc.assert(
      fc.property(names, (given) => {
        const wire = given.map(wireName);
        for (const each of wire) expect(each).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
        expect(new Set(wire).size).toBe(given.length);
        for (const each of wire) expect(wireName(each)).toBe(each);
      }),
      bounds(500),
    );
  });

  it.each(VENDORS)('are told as the model wrote them, and sent back as $name takes them', async (vendor) => {
    const faults = RULES[vendor.name.split('/')[0] ?? ''] ?? (() => ['no rules']);
    // The vendor's code is loaded when it is first needed.
    wire().answers({ frames: vendor.call('read', '{}'), end: 'close' });
    await ask(wire().directory, vendor.name, 'go');
    using loop = watchLoop();
    await fc.assert(
      fc.asyncProperty(names, async (given) => {
        const written = given[0]?.toWellFormed() ?? '';
        wire().answers({ frames: vendor.call(written, '{}'), end: 'close' });
        const { calls } = await ask(wire().directory, vendor.name, 'go');
        expect(calls.map(({ tool }) => tool)).toEqual([written]);

        const history = given.flatMap((tool, index): ModelMessage[] => [
          { role: 'assistant', text: '', calls: [{ callId: `c${index}`, tool, input: {} }] },
          { role: 'tool', callId: `c${index}`, tool, content: 'unknown_tool: no such tool', isError: true },
        ]);
        wire().answers({ frames: vendor.call('read', '{}'), end: 'close' });
        await ask(wire().directory, vendor.name, [{ role: 'user', text: 'go' }, ...history]);
        const body = wire().seen[0]?.body as Record<string, unknown>;
        expect(faults(body)).toEqual([]);
        for (const tool of given) expect(JSON.stringify(body)).toContain(JSON.stringify(wireName(tool)));
      }),
      bounds(12),
    );
    expect(await loop.longestMs()).toBeLessThan(MAX_STALL_MS);
  });
});
