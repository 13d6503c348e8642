import { describe, expect, it } from '@jest/globals';
import { checkDefinition } from '../../../src/agents/check-definition.ts';
import { createSchemaChecker } from '../../../src/tools/schema-checker.ts';

const toolNames = ['read_file', 'write_file'];
const context = { toolNames, schemas: createSchemaChecker() };
const tool = (name: string, inputSchema: object = { type: 'object' }) => ({
  name,
  description: '',
  inputSchema,
});

async function problemsOf(fields: object) {
  const checked = await checkDefinition({ name: 'helper', model: 'a/b', ...fields }, context);
  return checked.ok ? [] : checked.problems;
}

describe('checkDefinition', () => {
  it('accepts a good definition and fills in the defaults', async () => {
    const checked = await checkDefinition(
      {
        name: 'helper',
        model: 'a/b',
        tools: ['read_file'],
        clientTools: [tool('pick')],
        policy: { rules: [{ tool: '{read,pick}*', args: { 'a.b': '**/*.{md,txt}' }, gate: 'allow' }] },
        limits: { deadline: '366d' },
      },
      context,
    );
    expect(checked).toMatchObject({ ok: true, definition: { limits: { maxSteps: 32 } } });
  });

  it.each([undefined, null, 7, 'text', []])('refuses %j, which is no definition', async (value) => {
    expect((await checkDefinition(value, context)).ok).toBe(false);
  });

  it('refuses tools that there are not, and the same one twice', async () => {
    expect(await problemsOf({ tools: ['fly', 'read_file', 'read_file'] })).toEqual([
      { path: 'tools.0', message: '"fly" is no tool of this server; there are read_file, write_file' },
      { path: 'tools.2', message: '"read_file" is listed twice' },
    ]);
  });

  it('refuses client tools with a taken name or a schema that cannot be used', async () => {
    const clientTools = [tool('read_file'), tool('pick'), tool('pick', { type: 'object', required: 1 })];
    expect((await problemsOf({ clientTools })).map(({ path }) => path)).toEqual([
      'clientTools.0.name',
      'clientTools.2.name',
      'clientTools.2.inputSchema.required',
    ]);
  });

  it('checks the globs of notes as it checks those of rules', async () => {
    expect(await problemsOf({ notes: { read: ['Shared/**'], write: [] } })).toEqual([]);
    const notes = { read: ['a/**', '{a,b'], write: ['Notes/['] };
    expect((await problemsOf({ notes })).map(({ path }) => path)).toEqual(['notes.read.1', 'notes.write.0']);
    expect((await problemsOf({ notes: { read: 'Shared/**', delete: [] } })).map(({ path }) => path)).toEqual([
      'notes.read',
      'notes.delete',
    ]);
  });

  it('refuses globs with an open bracket, by tool and by argument', async () => {
    const rules = [{ tool: 'a[', args: { path: '{a,b' }, gate: 'deny' }];
    expect((await problemsOf({ policy: { rules } })).map(({ path }) => path)).toEqual([
      'policy.rules.0.tool',
      'policy.rules.0.args.path',
    ]);
  });

  it('refuses durations over a year', async () => {
    expect(
      await problemsOf({ limits: { deadline: '999999999d' }, approval: { expiresAfter: '367d' } }),
    ).toEqual([
      { path: 'limits.deadline', message: 'must be at most 366d' },
      { path: 'approval.expiresAfter', message: 'must be at most 366d' },
    ]);
  });
});
