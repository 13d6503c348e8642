import { describe, expect, it } from '@jest/globals';
import { checkDefinition } from '../../../src/agents/check-definition.ts';

const toolNames = ['read_file', 'write_file'];
const tool = (name: string, inputSchema: object = { type: 'object' }) => ({
  name,
  description: '',
  inputSchema,
});

function problemsOf(fields: object) {
  const checked = checkDefinition({ name: 'helper', model: 'a/b', ...fields }, { toolNames });
  return checked.ok ? [] : checked.problems;
}

describe('checkDefinition', () => {
  it('accepts a good definition and fills in the defaults', () => {
    const checked = checkDefinition(
      {
        name: 'helper',
        model: 'a/b',
        tools: ['read_file'],
        clientTools: [tool('pick')],
        policy: { rules: [{ tool: '{read,pick}*', args: { 'a.b': '**/*.{md,txt}' }, gate: 'allow' }] },
        limits: { deadline: '366d' },
      },
      { toolNames },
    );
    expect(checked).toMatchObject({ ok: true, definition: { limits: { maxSteps: 32 } } });
  });

  it.each([undefined, null, 7, 'text', []])('refuses %j, which is no definition', (value) => {
    expect(checkDefinition(value, { toolNames }).ok).toBe(false);
  });

  it('refuses tools that there are not, and the same one twice', () => {
    expect(problemsOf({ tools: ['fly', 'read_file', 'read_file'] })).toEqual([
      { path: 'tools.0', message: '"fly" is no tool of this server; there are read_file, write_file' },
      { path: 'tools.2', message: '"read_file" is listed twice' },
    ]);
  });

  it('refuses client tools with a taken name or a schema that cannot be used', () => {
    const clientTools = [tool('read_file'), tool('pick'), tool('pick', { type: 'object', required: 1 })];
    expect(problemsOf({ clientTools }).map(({ path }) => path)).toEqual([
      'clientTools.0.name',
      'clientTools.2.name',
      'clientTools.2.inputSchema.required',
    ]);
  });

  it('refuses globs with an open bracket, by tool and by argument', () => {
    const rules = [{ tool: 'a[', args: { path: '{a,b' }, gate: 'deny' }];
    expect(problemsOf({ policy: { rules } }).map(({ path }) => path)).toEqual([
      'policy.rules.0.tool',
      'policy.rules.0.args.path',
    ]);
  });

  it('refuses durations over a year', () => {
    expect(problemsOf({ limits: { deadline: '999999999d' }, approval: { expiresAfter: '367d' } })).toEqual([
      { path: 'limits.deadline', message: 'must be at most 366d' },
      { path: 'approval.expiresAfter', message: 'must be at most 366d' },
    ]);
  });
});
