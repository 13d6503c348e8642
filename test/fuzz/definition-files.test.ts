import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ImportReport, importDefinitions } from '../../src/agents/import-definitions.ts';
import { createSchemaChecker } from '../../src/tools/schema-checker.ts';
import { bounds } from '../support/fuzz.ts';
import { createInMemoryAgentStore } from '../support/in-memory-agent-store.ts';
import { MAX_STALL_MS, watchLoop } from '../support/loop-delay.ts';

const schemas = createSchemaChecker();
afterAll(async () => {
  await schemas[Symbol.asyncDispose]();
});

const GOOD = '---\nmodel: a/b\ntools: [read_file]\n---\nText';

/** What becomes of one file beside another that is good. */
async function imported(bytes: Uint8Array | string): Promise<ImportReport & { logged: object[] }> {
  const dir = await mkdtemp(join(tmpdir(), 'longturn-fuzz-'));
  const logged: object[] = [];
  const log = { info: () => {}, warn: () => {}, error: (line: object) => logged.push(line) };
  try {
    await writeFile(join(dir, 'a.md'), bytes);
    await writeFile(join(dir, 'good.md'), GOOD);
    const store = createInMemoryAgentStore();
    const deps = { dir, store, toolNames: ['read_file'], schemas, frontMatterMs: 500, log: log as never };
    return { ...(await importDefinitions(deps)), logged };
  } finally {
    await rm(dir, { recursive: true });
  }
}

/** It is taken over, or told with its name, a place and a reason; the good one beside it is taken over in any case. */
function expectAnswer({ imported: taken, refused, logged }: Awaited<ReturnType<typeof imported>>): void {
  expect(taken).toContain('good.md');
  expect(taken.length + refused.length).toBe(2);
  expect(logged).toHaveLength(refused.length);
  for (const { file, problems } of refused) {
    expect(file).toBe('a.md');
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(21);
    for (const { path, message } of problems) {
      expect(typeof path).toBe('string');
      expect(message).toMatch(/\S/);
    }
  }
}

const count = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 800 }) },
  fc.integer({ min: 1, max: 20_000 }),
);
const repeated = (piece: (index: number) => string) =>
  count.map((times) => Array.from({ length: times }, (_, index) => piece(index)).join(''));

const line = fc.constantFrom(
  ...[
    'model: a/b',
    'tools: [read_file]',
    'tools: read_file, x',
    'tools: *a',
    'x: &a [1, 2]',
    'y: *a',
    '<<: *a',
  ],
  ...[
    '"k": !!js/function "x"',
    'd: !!binary aGk=',
    '? [a, b]\n: c',
    'a: {b: 1, b: 2}',
    '\ta: b',
    '%YAML 1.1',
  ],
  ...[
    '...',
    'a: >-\n  b\n c',
    'a: | \n  b',
    'n: .inf',
    'n: 0x1F',
    'n: ~',
    '__proto__: {x: 1}',
    'constructor: 1',
  ],
  ...[
    'limits: {maxSteps: 1e400}',
    'policy: {rules: [{tool: "*(a|b", gate: deny}]}',
    'a: "\\x',
    "a: 'b",
    '@',
    '`',
  ],
  ...[
    'clientTools: [{name: a, description: b, inputSchema: {$ref: "#"}}]',
    'name: other',
    '- a',
    '🙂: 🙂',
    '\u0000',
  ],
);
const bomb = fc.integer({ min: 2, max: 12 }).map((levels) => {
  const uses = (index: number) =>
    Array(9)
      .fill(index === 0 ? 'x' : `*a${index - 1}`)
      .join(', ');
  return Array.from({ length: levels }, (_, index) => `b${index}: &a${index} [${uses(index)}]`).join('\n');
});
const yaml = fc.oneof(
  { weight: 16, arbitrary: fc.array(line, { maxLength: 8 }).map((lines) => lines.join('\n')) },
  bomb,
  repeated((index) => `k${index}: 1\n`),
  repeated((index) => (index === 0 ? 'a: &a [1]\n' : `b${index}: *a\n`)),
  fc
    .constantFrom('[', '{a: ', '- ', '? ', '"', '&a ', '!t ', '\n', '# x\n', '\t: @\n', '- 1\n', 'a: b\r')
    .chain((piece) => repeated(() => piece).map((text) => (piece.length < 4 ? `a: ${text}` : text))),
  count.map((times) =>
    Array.from({ length: Math.min(times, 900) }, (_, at) => `${' '.repeat(at)}a:`).join('\n'),
  ),
  count.map((times) => `${'k'.repeat(times * 15)}: 1`),
  count.map((times) => `tools: ${'a,'.repeat(times)}`),
);
const text = fc.oneof(
  { weight: 5, arbitrary: yaml.map((front) => `---\n${front}\n---\nText`) },
  fc.string({ unit: 'binary', maxLength: 200 }),
  yaml.map((front) => `---\r\n${front}`),
);
const ENCODINGS = ['utf8', 'utf16le', 'latin1'] as const;
const bytes = fc.oneof(
  { weight: 5, arbitrary: text.map((content) => Buffer.from(content)) },
  fc
    .tuple(text, fc.constantFrom(...ENCODINGS), fc.constantFrom('', '\ufeff'))
    .map(([content, encoding, mark]) => {
      return Buffer.from(mark + content.slice(0, 10_000), encoding);
    }),
  fc.uint8Array({ maxLength: 300 }),
  fc.uint8Array({ maxLength: 60 }).map((noise) => Buffer.concat([Buffer.from('---\nmodel: a/b\n'), noise])),
);

describe('a file in the folder of definitions, whatever is in it', () => {
  it('gets an answer that names it, never holds up the process, and the others are taken over', async () => {
    // Its first use compiles code.
    await imported(GOOD);
    using loop = watchLoop();
    await fc.assert(
      fc.asyncProperty(bytes, async (content) => expectAnswer(await imported(content))),
      bounds(80),
    );
    expect(await loop.longestMs()).toBeLessThan(MAX_STALL_MS);
  });

  it.each([
    ['keys', Array.from({ length: 90_000 }, (_, index) => `k${index}: 1`).join('\n')],
    ['aliases', `a: &a [1]\n${Array.from({ length: 40_000 }, (_, index) => `b${index}: *a`).join('\n')}`],
    ['faults', '\t: @\n'.repeat(150_000)],
    ['items', `tools:\n${'- 1\n'.repeat(200_000)}`],
    ['brackets', `a: ${'['.repeat(500_000)}`],
  ])('is read at no cost to others where it has too many %s', async (_, front) => {
    await imported(GOOD);
    using loop = watchLoop();
    const report = await imported(`---\n${front}\n---\nText`);
    expectAnswer(report);
    expect(report.refused).toHaveLength(1);
    expect(await loop.longestMs()).toBeLessThan(MAX_STALL_MS);
  });

  it('is not waited for where it is a pipe', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'longturn-fuzz-'));
    execFileSync('mkfifo', [join(dir, 'pipe.md')]);
    const store = createInMemoryAgentStore();
    const log = { info: () => {}, warn: () => {}, error: () => {} };
    const report = await importDefinitions({ dir, store, toolNames: [], schemas, log: log as never });
    await rm(dir, { recursive: true });
    expect(report.refused).toEqual([
      { file: 'pipe.md', problems: [{ path: '', message: 'is not a regular file' }] },
    ]);
  });
});
