import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseDefinition } from '../../../src/agents/definition-file.ts';
import type { AgentDefinition, JsonObject } from '../../../src/contract/index.ts';
import { judge } from '../../../src/core/policy/policy.ts';
import { builtInTools } from '../../../src/process/capabilities/all.ts';
import { createSchemaChecker } from '../../../src/tools/schema-checker.ts';
import { createInMemoryNoteStore } from '../../support/in-memory-note-store.ts';
import { noConnections, noWaiters } from '../../support/no-connections.ts';

const registry = builtInTools({
  notes: createInMemoryNoteStore(),
  auth: noConnections,
  waiters: noWaiters,
  httpFetchAllow: [],
});
const files = readdirSync('agents').filter((name) => name.endsWith('.md'));

async function shipped(file: string): Promise<AgentDefinition> {
  const parsed = await parseDefinition(readFileSync(join('agents', file), 'utf8'), file, {
    toolNames: registry.names(),
    schemas: createSchemaChecker(),
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.definition;
}

async function gateOf(file: string, tool: string, input: JsonObject = {}) {
  const call = { tool, input, inputDigest: 'sha256:0' };
  return judge(
    call,
    (await shipped(file)).policy,
    registry.describe(tool)?.gate,
    [],
    '2030-01-01T00:00:00.000Z',
  );
}

describe('the shipped agents', () => {
  it.each(files)('%s is a good definition that needs no key', async (file) => {
    const definition = await shipped(file);
    expect(definition.model).toBe('rehearsal/script');
    expect(definition.description).not.toBe('');
    expect(definition.instructions.length).toBeGreaterThan(500);
  });

  it('rehearsal has every tool', async () => {
    expect((await shipped('rehearsal.md')).tools.toSorted()).toEqual(registry.names().toSorted());
  });

  it.each<[string, string, JsonObject, string]>([
    ['rehearsal.md', 'read_file', { path: 'a' }, 'allow'],
    ['rehearsal.md', 'write_file', { path: 'a', content: '' }, 'ask'],
    ['scribe.md', 'run_command', { command: 'ls' }, 'deny'],
    ['scribe.md', 'search_notes', { query: 'a' }, 'allow'],
    ['scribe.md', 'write_note', { path: 'a', content: '' }, 'ask'],
    ['operator.md', 'run_command', { command: 'ls -la' }, 'allow'],
    ['operator.md', 'run_command', { command: 'ls -la; rm -r .' }, 'ask'],
    ['operator.md', 'run_command', { command: 'ls /' }, 'ask'],
    ['operator.md', 'browser_profile', { action: 'list' }, 'allow'],
    ['operator.md', 'write_file', { path: 'reports/2030/x.md', content: '' }, 'allow'],
    ['operator.md', 'write_file', { path: 'reports/../x.md', content: '' }, 'ask'],
    [
      'operator.md',
      'http_fetch',
      { url: 'https://www.githubstatus.com/api/v2/status.json', method: 'GET' },
      'allow',
    ],
    ['operator.md', 'http_fetch', { url: 'https://www.githubstatus.com/api/v2/status.json' }, 'ask'],
    [
      'operator.md',
      'http_fetch',
      { url: 'https://www.githubstatus.com.example.org/api/x', method: 'GET' },
      'ask',
    ],
  ])('%s, asked for %s %j, says %s', async (file, tool, input, gate) => {
    expect((await gateOf(file, tool, input)).gate).toBe(gate);
  });

  it('the operator never remembers a decision on a request that may change another system', async () => {
    const post = await gateOf('operator.md', 'http_fetch', {
      url: 'https://www.githubstatus.com/api/v2',
      method: 'POST',
    });
    expect(post).toMatchObject({ gate: 'ask', grantable: false });
  });
});
