import { describe, expect, it } from '@jest/globals';
import { CatalogueTool } from '../../../src/contract/index.ts';
import { builtInTools } from '../../../src/process/capabilities/all.ts';
import { validateToolSchema } from '../../../src/tools/validate-input.ts';
import { createInMemoryNoteStore } from '../../support/in-memory-note-store.ts';
import { noConnections, noWaiters } from '../../support/no-connections.ts';

const registry = builtInTools({
  notes: createInMemoryNoteStore(),
  auth: noConnections,
  waiters: noWaiters,
  httpFetchAllow: [],
});

describe('the tool registry', () => {
  it('has the built-in tools, each with its own gate and idempotency', () => {
    const shown = registry.names().map((name) => {
      const entry = registry.describe(name);
      return [name, entry?.gate, entry?.idempotent];
    });
    expect(shown).toEqual([
      ['read_file', 'allow', true],
      ['write_file', 'ask', true],
      ['list_files', 'allow', true],
      ['search_files', 'allow', true],
      ['http_fetch', 'ask', false],
      ['run_command', 'ask', false],
      ['write_note', 'ask', true],
      ['search_notes', 'allow', true],
      ['browser_profile', 'allow', true],
    ]);
  });

  it.each(registry.names())('describes %s by a JSON Schema that validators accept', (name) => {
    const entry = CatalogueTool.parse(registry.describe(name));
    expect(validateToolSchema(entry.inputSchema)).toEqual({ ok: true });
    expect(entry.inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(entry.inputSchema).not.toHaveProperty('$schema');
    expect(entry.locus).toBe('server');
    expect(JSON.parse(JSON.stringify(entry))).toEqual(entry);
  });

  it('knows no other tool', () => {
    expect(registry.get('fly')).toBeUndefined();
    expect(registry.describe('fly')).toBeUndefined();
  });
});
