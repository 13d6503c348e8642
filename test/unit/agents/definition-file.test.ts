import { describe, expect, it } from '@jest/globals';
import { parseDefinition } from '../../../src/agents/definition-file.ts';
import { createSchemaChecker } from '../../../src/tools/schema-checker.ts';

const context = { toolNames: ['read_file', 'write_file'], schemas: createSchemaChecker() };
const parse = (text: string, file = 'helper.md') => parseDefinition(text, file, context);

async function problemsOf(text: string, file?: string) {
  const parsed = await parse(text, file);
  return parsed.ok ? [] : parsed.problems;
}

describe('parseDefinition', () => {
  it('reads fields from the front matter, instructions from the body and the name from the file', async () => {
    expect(
      await parse('---\nmodel: rehearsal/script\ntools: [read_file]\n---\n\n# Be kind\n\n---\n\nAlways.\n'),
    ).toEqual({
      ok: true,
      definition: {
        name: 'helper',
        description: '',
        model: 'rehearsal/script',
        instructions: '# Be kind\n\n---\n\nAlways.',
        tools: ['read_file'],
        clientTools: [],
        policy: { rules: [] },
        limits: { maxSteps: 32 },
        approval: { expiresAfter: '24h', onExpiry: 'deny' },
      },
    });
  });

  it('reads files with a byte order mark, Windows line ends or no body', async () => {
    expect(await parse('\uFEFF---\r\nmodel: a/b\r\n---\r\nText\r\n')).toMatchObject({
      definition: { model: 'a/b', instructions: 'Text' },
    });
    expect(await parse('---\nmodel: a/b\n---')).toMatchObject({ definition: { instructions: '' } });
  });

  it('refuses a file without front matter, and says how one looks', async () => {
    expect((await problemsOf('# Only text'))[0]?.message).toContain('begin the file with a line "---"');
    expect((await problemsOf('---\nmodel: a/b\n'))[0]?.message).toContain('has no front matter');
    expect(await problemsOf('---\n---\n')).toEqual([
      { path: '', message: expect.stringContaining('must be YAML fields') },
    ]);
  });

  it('names the line of the file where the YAML is wrong', async () => {
    const [problem] = await problemsOf('---\nmodel: a/b\ntools: [read_file\nlimits: x\n---\n');
    expect(problem?.message).toMatch(/^line [345], column \d+: /);
    const [twice] = await problemsOf('---\nmodel: a/b\nmodel: c/d\n---\n');
    expect(twice?.message).toBe('line 3, column 1: Map keys must be unique');
  });

  it('is not held up by aliases that expand without end', async () => {
    const levels = Array.from(
      { length: 9 },
      (_, index) => `l${index + 1}: &l${index + 1} [${`*l${index},`.repeat(9)}]`,
    );
    const [problem] = await problemsOf(`---\nl0: &l0 [x]\n${levels.join('\n')}\n---\n`);
    expect(problem?.message).toContain('cannot be read');
  });

  it('wants the name in the file to be the name of the file', async () => {
    expect(await parse('---\nname: helper\nmodel: a/b\n---\n')).toMatchObject({ ok: true });
    expect(await problemsOf('---\nname: other\nmodel: a/b\n---\n')).toEqual([
      { path: 'name', message: 'is "other", but the file is called "helper.md"; give both the same name' },
    ]);
    expect(await problemsOf('---\nmodel: a/b\n---\n', 'two words.md')).toEqual([
      { path: 'name', message: expect.stringContaining('must be 1–64 letters') },
    ]);
  });

  it.each([
    ['tools: read_file, write_file', ['read_file', 'write_file']],
    ['tools: read_file', ['read_file']],
    ['tools: "read_file,write_file,"', ['read_file', 'write_file']],
    ['tools:', []],
    ['tools: ""', []],
    ['tools: [read_file]\ndescription:\nlimits:', ['read_file']],
  ])('takes tools as people write them: %s', async (line, tools) => {
    expect(await parse(`---\nmodel: a/b\n${line}\n---\n`)).toMatchObject({ ok: true, definition: { tools } });
  });

  it('says what to write where tools are no list, or are those of another program', async () => {
    expect(await problemsOf('---\nmodel: a/b\ntools: {read_file: true}\n---\n')).toEqual([
      { path: 'tools', message: 'must be a list, such as [read_file, list_files]' },
    ]);
    expect(await problemsOf('---\nmodel: opus\ntools: Read, read_file\n---\n')).toEqual([
      { path: 'model', message: expect.stringContaining('must be provider/model') },
      {
        path: 'tools.0',
        message: expect.stringContaining('"Read" is no tool of this server; there are read_file'),
      },
    ]);
  });

  it('lists every problem by its path', async () => {
    const text = [
      '---',
      'name: other',
      'instructions: here',
      'modell: rehearsal/script',
      'tools: [read_file, fly, read_file]',
      'clientTools:',
      '  - {name: write_file, description: x, inputSchema: {type: string}}',
      'policy:',
      '  rules:',
      '    - {tool: "[a", gate: maybe}',
      'limits: {maxSteps: 0}',
      'approval: {expiresAfter: tomorrow}',
      '---',
    ].join('\n');
    const paths = (await problemsOf(text)).map(({ path }) => path);
    expect(paths.toSorted()).toEqual(
      [
        'approval.expiresAfter',
        'clientTools.0.inputSchema.type',
        'clientTools.0.name',
        'instructions',
        'limits.maxSteps',
        'model',
        'modell',
        'name',
        'policy.rules.0.gate',
        'tools.1',
        'tools.2',
      ].toSorted(),
    );
  });
});
