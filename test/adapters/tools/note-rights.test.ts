import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ActivityDeps } from '../../../src/activities/deps.ts';
import { createToolExecutions } from '../../../src/activities/turn/tool-executions.ts';
import { AgentDefinition, type NoteTerms, type Scope } from '../../../src/contract/index.ts';
import { digestOf } from '../../../src/digest.ts';
import { createLogger } from '../../../src/logger.ts';
import { builtInTools } from '../../../src/process/capabilities/all.ts';
import { createStore } from '../../../src/store/create-store.ts';
import type { ActingToken, Store } from '../../../src/store/store.ts';

const AT = '2030-01-01T00:00:00.000Z';
const running = new AsyncDisposableStack();
let folder: string;
let store: Store;
let made = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longturn-note-rights-'));
  running.defer(() => rm(folder, { recursive: true, force: true }));
  store = running.use(await createStore({ kind: 'sqlite', file: join(folder, 'store.db') }));
});
afterAll(() => running.disposeAsync());

interface Turn {
  agent?: string;
  notes?: NoteTerms;
  acting?: ActingToken;
}

/** A turn that has begun, pinned to an agent as it is then. */
async function turnOf({ agent = 'bot', notes, acting }: Turn): Promise<string> {
  const id = `turn-${++made}`;
  const definition = AgentDefinition.parse({
    name: agent,
    model: 'rehearsal/script',
    ...(notes && { notes }),
  });
  const digests = { definition: digestOf(definition), catalogue: digestOf([]) };
  await store.snapshots.put(digests.definition, definition);
  await store.snapshots.put(digests.catalogue, []);
  await store.turns.admit({
    ...{ id, sessionId: `session-${id}`, agent, input: 'x', clientTools: [], limits: {}, metadata: {} },
    ...{ createdAt: AT, ...(acting && { acting }) },
  });
  await store.turns.begin(id, digests, AT);
  return id;
}

/** What a tool's call in a turn comes to: its text, or the code of its error. */
async function call(turnId: string, tool: string, input: Record<string, unknown>, agent = 'bot') {
  const deps = {
    store,
    tools: builtInTools({
      notes: store.notes,
      auth: store.auth,
      waiters: store.waiters,
      httpFetchAllow: [],
    }),
    workspacesDir: join(folder, 'workspaces'),
    metrics: { observeModelCall() {}, observeToolCall() {} },
    log: createLogger({ level: 'silent' }),
    now: () => new Date(),
  } as unknown as ActivityDeps;
  const callId = `call-${++made}`;
  const run = createToolExecutions(deps).run(
    {
      ...{ callId, tool, turnId, sessionId: `session-${turnId}`, agent, step: 1, events: [] },
      ...{ idempotent: true, timeoutMs: 30_000, edited: false },
    },
    input,
    new AbortController().signal,
  );
  const row = await run;
  if (!('state' in row)) return 'waiting';
  return row.error?.code ?? row.content;
}

async function token(id: string, scopes: Scope[], expiresAt?: string): Promise<ActingToken> {
  const secretHash = `hash of ${id}`;
  await store.tokens.create({
    ...{ id, name: id, scopes, secretHash, createdAt: AT },
    ...(expiresAt !== undefined && { expiresAt }),
  });
  return { tokenId: id, scopes };
}

describe('the notes that a turn reaches', () => {
  it('are those of the definition that it is pinned to, its own where that says nothing', async () => {
    const secret = { path: 'Notes/other/secret', content: 'the launch code' };
    const other = await turnOf({ agent: 'other' });
    expect(await call(other, 'write_note', secret, 'other')).toContain('revision 1');

    const bot = await turnOf({});
    expect(await call(bot, 'search_notes', { query: 'launch' })).toContain('No note contains');
    expect(await call(bot, 'write_note', { ...secret, content: 'mine now' })).toBe('note_not_allowed');
    expect(await call(bot, 'write_note', { path: 'Notes/bot/a', content: 'the launch of bot' })).toContain(
      '1',
    );
    expect(await call(bot, 'search_notes', { query: 'launch' })).toMatch(/^Notes\/bot\/a /);

    const wide = await turnOf({ notes: { read: ['Notes/*/secret'], write: [] } });
    expect(await call(wide, 'search_notes', { query: 'launch' })).toMatch(
      /^Notes\/other\/secret .*\n.*launch code$/,
    );
    expect(await call(wide, 'write_note', { path: 'Notes/bot/a', content: '' })).toBe('note_not_allowed');
  });
});

describe('the token that a turn acts for', () => {
  const search = { query: 'anything' };
  const calls = [
    ['search_notes', 'notes:read', search],
    ['write_note', 'notes:write', { path: 'Notes/bot/x', content: '' }],
    ['browser_profile', 'auth:read', { action: 'list' }],
  ] as const;

  it.each(calls)('is asked for its scope by %s: %s', async (tool, scope, input) => {
    const lacks = await turnOf({ acting: await token(`lacks-${scope}`, ['turns:write', 'turns:read']) });
    expect(await call(lacks, tool, input)).toBe('scope_missing');
    for (const scopes of [['turns:write', scope], ['admin']] as Scope[][]) {
      const has = await turnOf({ acting: await token(`${scopes.join('-')}-${scope}`, scopes) });
      expect(await call(has, tool, input)).not.toMatch(/^(scope_missing|token_revoked|tool_error)$/);
    }
    const before = await turnOf({});
    expect(await call(before, tool, input)).not.toBe('scope_missing');
  });

  it('bounds its turns to the scopes that it had when it asked', async () => {
    await token('grown', ['turns:write', 'notes:read']);
    const turn = await turnOf({ acting: { tokenId: 'grown', scopes: ['turns:write'] } });
    expect(await call(turn, 'search_notes', search)).toBe('scope_missing');
  });

  it('reaches nothing more once it is deleted, and goes on once it has expired', async () => {
    const leaked = await turnOf({ acting: await token('leaked', ['admin']) });
    expect(await call(leaked, 'search_notes', search)).toContain('No note contains');
    await store.tokens.delete('leaked', AT);
    expect(await call(leaked, 'search_notes', search)).toBe('token_revoked');
    expect(await call(leaked, 'read_file', { path: 'none' })).not.toBe('token_revoked');
    const expired = await turnOf({ acting: await token('over', ['notes:read'], '2030-01-01T00:00:01.000Z') });
    expect(await call(expired, 'search_notes', search)).toContain('No note contains');
  });
});
