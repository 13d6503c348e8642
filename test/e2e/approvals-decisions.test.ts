import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Approval } from '../../src/contract/index.ts';
import { problemOf } from '../support/http-client.ts';
import { workspaceOf } from '../support/side-effects.ts';
import { useSystem } from '../support/system.ts';
import { call, createTurns, type Turns } from '../support/turns.ts';

const system = useSystem();
let turns: Turns;
let agent: string;

beforeAll(async () => {
  turns = createTurns(system());
  agent = await turns.agent({
    policy: {
      rules: [
        { tool: 'write_file', args: { path: 'secret/**' }, gate: 'deny', reason: 'Secrets are not yours.' },
        { tool: 'write_note', gate: 'ask', grantable: false, reason: 'Every note is read by a person.' },
        { tool: 'list_files', gate: 'allow', reason: 'Looking is free.' },
      ],
    },
  });
});

const write = (path: string, content = 'hello') => call('write_file', { path, content });
const files = () => workspaceOf(system().dataDir, agent);

async function asked(script: string | string[], tool = 'write_file') {
  const turn = await turns.start(agent, script);
  const pending = await turns.pending(turn.id, tool);
  return {
    turn,
    pending,
    decide: (body: Parameters<Turns['decide']>[2]) => turns.decide(turn.id, pending.callId, body),
  };
}

describe('a decision', () => {
  it('allow executes the call once, and its record says who, via what and when', async () => {
    const { turn, pending, decide } = await asked(write('allow.txt'));
    expect((await turns.get(turn.id)).status).toBe('waiting');
    expect(pending.input).toEqual({ path: 'allow.txt', content: 'hello' });
    expect(pending.inputDigest).toMatch(/^sha256:[0-9a-f]{64}$/);

    const answer = await decide({ action: 'allow', toolName: 'write_file' });

    expect(answer.status).toBe(200);
    const ended = await turns.end(turn.id);
    const [requested] = ended.of('approval.requested');
    const [resolved] = ended.of('approval.resolved');
    expect(answer.body).toMatchObject({
      callId: pending.callId,
      turnId: turn.id,
      sessionId: turn.sessionId,
      tool: 'write_file',
      input: pending.input,
      inputDigest: pending.inputDigest,
      status: 'allowed',
      action: 'allow',
      requestedAt: requested?.at,
      expiresAt: requested?.expiresAt,
    });
    expect(answer.body.by?.tokenId).toBeTruthy();
    expect(answer.body.via).toBeTruthy();
    expect(answer.body.decidedAt).toBeTruthy();
    expect(resolved).toMatchObject({
      callId: pending.callId,
      action: 'allow',
      by: answer.body.by,
      via: answer.body.via,
      decisionId: answer.body.decisionId,
      inputDigest: pending.inputDigest,
    });
    expect(requested?.allowedActions.toSorted()).toEqual(['allow', 'always', 'deny', 'respond']);
    expect(ended.turn.status).toBe('completed');
    expect(ended.of('tool_call.started')).toHaveLength(1);
    expect(await files().text('allow.txt')).toBe('hello');
  });

  it('I10 deny needs no tool name, runs nothing, and tells the model why, under the id of the call', async () => {
    const { turn, pending, decide } = await asked([write('denied.txt'), '/next', '/say went on']);

    const answer = await decide({ action: 'deny', message: 'Not on a Friday.' });

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ status: 'denied', action: 'deny', message: 'Not on a Friday.' });
    const ended = await turns.end(turn.id);
    expect(ended.turn).toMatchObject({ status: 'completed', output: 'went on' });
    expect(ended.of('tool_call.failed')).toMatchObject([
      {
        callId: pending.callId,
        error: { code: 'denied', message: expect.stringContaining('Not on a Friday.') },
      },
    ]);
    expect(ended.of('tool_call.started')).toEqual([]);
    expect(await files().text('denied.txt')).toBeUndefined();
  });

  it('deny: the model reads the message', async () => {
    const { turn, decide } = await asked(write('denied-too.txt'));
    await decide({ action: 'deny', message: 'Ask the owner first.' });
    expect((await turns.end(turn.id)).turn.output).toContain('Ask the owner first.');
  });

  it("respond gives the person's text as the successful result, and executes nothing", async () => {
    const { turn, pending, decide } = await asked(write('responded.txt'));

    const answer = await decide({ action: 'respond', content: 'I wrote it by hand.' });

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ status: 'answered', action: 'respond' });
    const ended = await turns.end(turn.id);
    expect(ended.of('tool_call.completed')).toMatchObject([
      { callId: pending.callId, output: 'I wrote it by hand.' },
    ]);
    expect(ended.of('tool_call.started')).toEqual([]);
    expect(ended.turn.output).toBe('write_file: I wrote it by hand.');
    expect(await files().text('responded.txt')).toBeUndefined();
  });

  it('respond without content changes nothing', async () => {
    const { turn, decide } = await asked(write('empty-response.txt'));
    const answer = await decide({ action: 'respond' });
    expect([400, 422]).toContain(answer.status);
    problemOf(answer);
    expect((await turns.get(turn.id)).pending).toHaveLength(1);
    await decide({ action: 'deny' });
  });

  it('an edited input is what is executed, recorded and told', async () => {
    const { turn, pending, decide } = await asked(write('as-asked.txt'));
    const input = { path: 'as-edited.txt', content: 'better' };

    const answer = await decide({ action: 'allow', input });

    expect(answer.body).toMatchObject({
      status: 'allowed',
      input: pending.input,
      inputDigest: pending.inputDigest,
      editedInput: input,
    });
    const ended = await turns.end(turn.id);
    expect(ended.of('approval.resolved')).toMatchObject([{ action: 'allow', input }]);
    expect(await files().text('as-asked.txt')).toBeUndefined();
    expect(await files().text('as-edited.txt')).toBe('better');
  });

  it.each([
    ['breaks the schema', { path: 7 }, 'input_invalid'],
    ['lacks a field', { path: 'x.txt' }, 'input_invalid'],
    ['breaks the policy', { path: 'secret/key.txt', content: 'x' }, 'denied_by_policy'],
  ])('an edited input that %s is 422 and changes nothing', async (_, input, code) => {
    const { turn, decide } = await asked(write('edit-refused.txt'));
    for (const action of ['allow', 'always'] as const) {
      const answer = await decide({ action, input: input as never });
      expect(answer.status).toBe(422);
      expect(problemOf(answer).code).toBe(code);
    }
    const after = await turns.get(turn.id);
    expect(after.status).toBe('waiting');
    expect((await turns.events(turn.id)).some((event) => event.type === 'approval.resolved')).toBe(false);
    await decide({ action: 'deny' });
    await turns.end(turn.id);
    expect(await files().text('secret/key.txt')).toBeUndefined();
  });

  it.each(['deny', 'respond'] as const)('%s with an edited input is refused', async (action) => {
    const { turn, decide } = await asked(write('edit-and-deny.txt'));
    const answer = await decide({ action, content: 'x', input: { path: 'a', content: 'b' } });
    expect([400, 422]).toContain(answer.status);
    expect((await turns.get(turn.id)).status).toBe('waiting');
    await decide({ action: 'deny' });
  });

  it('always is refused where the rule is not grantable, and is not among the allowed actions', async () => {
    const { turn, pending, decide } = await asked(
      call('write_note', { path: 'n/1', content: 'x' }),
      'write_note',
    );
    const [requested] = (await turns.events(turn.id)).filter((event) => event.type === 'approval.requested');
    expect(requested?.type === 'approval.requested' && requested.allowedActions).not.toContain('always');
    expect(JSON.stringify(requested)).toContain('Every note is read by a person.');

    const answer = await decide({ action: 'always' });

    expect(answer.status).toBe(422);
    expect(problemOf(answer).code).toBe('always_refused');
    expect((await turns.get(turn.id)).pending.map((each) => each.callId)).toEqual([pending.callId]);
    expect((await decide({ action: 'allow' })).status).toBe(200);
    expect((await turns.end(turn.id)).turn.status).toBe('completed');
  });

  it('deny by policy asks nobody and tells the model the reason', async () => {
    const turn = await turns.start(agent, write('secret/plan.txt'));
    const ended = await turns.end(turn.id);
    expect(ended.turn).toMatchObject({
      status: 'completed',
      output: expect.stringContaining('Secrets are not yours.'),
    });
    expect(ended.of('approval.requested')).toEqual([]);
    expect(ended.of('tool_call.started')).toEqual([]);
    expect(ended.of('tool_call.failed')).toMatchObject([{ error: { code: 'denied_by_policy' } }]);
    expect(await files().text('secret/plan.txt')).toBeUndefined();
  });

  it('an automatic allow names its rule, without a request', async () => {
    const ended = await turns.end((await turns.start(agent, call('list_files', {}))).id);
    expect(ended.of('approval.requested')).toEqual([]);
    const [resolved] = ended.of('approval.resolved');
    expect(resolved).toMatchObject({ action: 'policy' });
    expect(resolved?.rule).toBeTruthy();
  });

  it('a call of a tool that the catalogue lacks fails for the model, and the turn goes on', async () => {
    const ended = await turns.end(
      (await turns.start(agent, ['/call no_such_tool {}', '/next', '/say on'])).id,
    );
    expect(ended.turn).toMatchObject({ status: 'completed', output: 'on' });
    expect(ended.of('tool_call.failed')).toHaveLength(1);
    expect(ended.of('tool_call.completed')).toEqual([]);
  });

  it('a call whose arguments break the schema fails for the model without asking a person', async () => {
    const turn = await turns.start(agent, '/call write_file {"path":7}');
    await turns.until(turn.id, 'it asks or ends', (each) => each.pending.length > 0 || !!each.endedAt);
    expect((await turns.get(turn.id)).pending).toEqual([]);
    const ended = await turns.end(turn.id);
    expect(ended.turn.status).toBe('completed');
    expect(ended.of('tool_call.failed')).toHaveLength(1);
    expect(ended.of('approval.requested')).toEqual([]);
  });

  it('names the token that decided, and a token without the scope decides nothing', async () => {
    const make = async (name: string, scopes: string[]) => {
      const made = await turns.http.post<{ id: string; token: string }>('/v1/tokens', { name, scopes });
      expect([200, 201]).toContain(made.status);
      return made.body;
    };
    const reader = await make('reader', ['turns:read', 'turns:write']);
    const decider = await make('night shift', ['approvals:decide']);
    const { turn, pending } = await asked(write('by-token.txt'));
    const path = `/v1/turns/${turn.id}/calls/${pending.callId}/decision`;

    const refused = await turns.http.as(reader.token).post(path, { action: 'allow' });
    expect(refused.status).toBe(403);
    expect((await turns.get(turn.id)).status).toBe('waiting');

    const answer = await turns.http.as(decider.token).post<Approval>(path, { action: 'allow' });
    expect(answer.status).toBe(200);
    expect(answer.body.by).toEqual({ tokenId: decider.id, name: 'night shift' });
  });
});
