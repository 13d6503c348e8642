import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type Client, createClient } from '../../../src/client/index.ts';
import { OPERATIONS, type OperationId } from '../../../src/client/operations.ts';
import { BASE, createScriptedFetch, json } from '../../support/scripted-fetch.ts';

/** Operations that the client does not have. */
const LEFT_OUT = {
  approve: 'the body of older clients; `calls.decide` does the same',
  submitToolResult: 'the body of older clients; `calls.submitResult` does the same',
  getPreview: 'for the hosted page, at the address that the login tells; no token of a client opens it',
  getMetrics: 'for Prometheus',
  encodePayloads: 'for the UI and CLI of the engine',
  decodePayloads: 'for the UI and CLI of the engine',
};

const follow = async (stream: AsyncIterable<unknown>) => {
  for await (const _ of stream) break;
};

/** Each operation as it is called, with all that it takes. */
const CALLS: Record<OperationId, (client: Client) => Promise<unknown>> = {
  startTurn: ({ turns }) => turns.start({ agent: 'a', input: 'i' }),
  listTurns: ({ turns }) =>
    turns.list({ limit: 1, cursor: 'c', sessionId: 's', agent: 'a', status: 'failed' }),
  getTurn: ({ turns }) => turns.get('1'),
  deleteTurn: ({ turns }) => turns.delete('1', { reason: 'r' }),
  retryTurn: ({ turns }) => turns.retry('1'),
  rerunTurn: ({ turns }) => turns.rerun('1'),
  followTurn: ({ turns }) => turns.events('1', { after: '1.0' }),
  cancelTurn: ({ turns }) => turns.cancel('1', { reason: 'r' }),
  stopTurn: ({ turns }) => turns.stop('1'),
  steerTurn: ({ turns }) => turns.steer('1', 'left'),
  getCall: ({ calls }) => calls.get('1', '2'),
  decideCall: ({ calls }) => calls.decide('1', '2', { action: 'allow' }),
  submitResult: ({ calls }) => calls.submitResult('1', '2', { content: 'c' }),
  listSessions: ({ sessions }) => sessions.list({ limit: 1, cursor: 'c' }),
  getSession: ({ sessions }) => sessions.get('1'),
  deleteSession: ({ sessions }) => sessions.delete('1', { reason: 'r' }),
  followSession: ({ sessions }) => follow(sessions.follow('1')),
  listGrants: ({ grants }) => grants.list('1', { limit: 1, cursor: 'c' }),
  revokeGrant: ({ grants }) => grants.revoke('1', '2'),
  listApprovals: ({ approvals }) =>
    approvals.list({ limit: 1, cursor: 'c', status: 'denied', agent: 'a', sessionId: 's', tool: 't' }),
  listAgents: ({ agents }) => agents.list({ limit: 1, cursor: 'c' }),
  getAgent: ({ agents }) => agents.get('1'),
  putAgent: ({ agents }) => agents.put('1', { model: 'rehearsal/script' }),
  deleteAgent: ({ agents }) => agents.delete('1'),
  listNotes: ({ notes }) => notes.list({ limit: 1, cursor: 'c', tag: 't', path: 'p', q: 'q' }),
  getNote: ({ notes }) => notes.get('1'),
  listTokens: ({ tokens }) => tokens.list({ limit: 1, cursor: 'c' }),
  createToken: ({ tokens }) => tokens.create({ name: 'n', scopes: ['admin'] }),
  deleteToken: ({ tokens }) => tokens.delete('1'),
  createConnection: ({ connections }) => connections.create({ domain: 'd.example', profile_name: 'p' }),
  listConnections: ({ connections }) =>
    connections.list({ limit: 1, offset: 1, domain: 'd', profile_name: 'p', query: 'q' }),
  getConnection: ({ connections }) => connections.get('1'),
  updateConnection: ({ connections }) => connections.update('1', { health_checks: false }),
  deleteConnection: ({ connections }) => connections.delete('1'),
  beginLogin: ({ connections }) => connections.login('1'),
  submitAnswer: ({ connections }) => connections.submit('1', { fields: { a: 'b' } }),
  exchangeCode: ({ connections }) => connections.exchange('1', 'code'),
  cancelLogin: ({ connections }) => connections.cancel('1'),
  checkConnection: ({ connections }) => connections.check('1'),
  listTimeline: ({ connections }) => connections.timeline('1', { limit: 1, offset: 1, type: 'reauth' }),
  createReport: ({ connections }) => connections.report('1'),
  listReports: ({ connections }) => connections.reports('1', { limit: 1, offset: 1 }),
  getReport: ({ connections }) => connections.getReport('1', '2'),
  deleteReport: ({ connections }) => connections.deleteReport('1', '2'),
  getSafeConnection: ({ connections }) => connections.getSafe('1'),
  followLogin: ({ connections }) => follow(connections.follow('1')),
  waitForLogin: ({ connections }) => connections.wait('1', { timeout: 1, after_revision: 2 }),
  createCredential: ({ credentials }) => credentials.create({ name: 'n', domain: 'd.example', values: {} }),
  listCredentials: ({ credentials }) => credentials.list({ limit: 1, offset: 1, domain: 'd', query: 'q' }),
  getCredential: ({ credentials }) => credentials.get('1'),
  updateCredential: ({ credentials }) => credentials.update('1', { values: { a: 'b' } }),
  deleteCredential: ({ credentials }) => credentials.delete('1'),
  getTotpCode: ({ credentials }) => credentials.totpCode('1'),
  createProfile: ({ profiles }) => profiles.create({ name: 'n' }),
  listProfiles: ({ profiles }) => profiles.list({ limit: 1, offset: 1, name: 'n', query: 'q' }),
  getProfile: ({ profiles }) => profiles.get('1'),
  renameProfile: ({ profiles }) => profiles.rename('1', 'n'),
  deleteProfile: ({ profiles }) => profiles.delete('1'),
  downloadProfile: ({ profiles }) => profiles.download('1', { format: 'tar' }),
  createWebhook: ({ webhooks }) => webhooks.create({ url: 'https://hooks.example.com' }),
  listWebhooks: ({ webhooks }) => webhooks.list(),
  getWebhook: ({ webhooks }) => webhooks.get('1'),
  deleteWebhook: ({ webhooks }) => webhooks.delete('1'),
  listDeliveries: ({ webhooks }) => webhooks.deliveries('1', { limit: 1, cursor: 'c' }),
  redeliver: ({ webhooks }) => webhooks.redeliver('1', '2'),
  listWorkers: ({ system }) => system.workers(),
  getLiveness: ({ system }) => system.liveness(),
  getReadiness: ({ system }) => system.readiness(),
};

interface Documented {
  id: string;
  method: string;
  path: string;
  query: string[];
  takesKey: boolean;
  hasBody: boolean;
}

interface Document {
  paths: Record<
    string,
    Record<string, { operationId: string; parameters?: Parameter[]; requestBody?: object }>
  >;
}
interface Parameter {
  in: string;
  name: string;
}

const document = JSON.parse(readFileSync('openapi.json', 'utf8')) as Document;
const documented: Documented[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { operationId, parameters = [], requestBody }]) => ({
    id: operationId,
    method: method.toUpperCase(),
    path,
    query: parameters.filter((each) => each.in === 'query').map(({ name }) => name),
    takesKey: parameters.some(({ name }) => name === 'idempotency-key'),
    hasBody: requestBody !== undefined,
  })),
);

describe('the operations of the API', () => {
  it('are all there, or left out with a reason', () => {
    const had = Object.entries(OPERATIONS).map(([id, { method, path }]) => `${id} ${method} ${path}`);
    const wanted = documented
      .filter(({ id }) => !(id in LEFT_OUT))
      .map(({ id, method, path }) => `${id} ${method} ${path}`);
    expect(had.toSorted()).toEqual(wanted.toSorted());
    const ids = documented.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(Object.keys(LEFT_OUT)));
  });

  it.each(documented.filter(({ id }) => !(id in LEFT_OUT)))(
    '$id is reached as it is documented, with every parameter of its query',
    async ({ id, method, path, query, takesKey, hasBody }) => {
      const { sent, ...script } = createScriptedFetch([json(200, {})]);
      const client = createClient({ baseUrl: BASE, token: 't', ...script });
      await CALLS[id as OperationId](client).catch(() => undefined);
      const [pathSent = '', querySent = ''] = sent[0]?.path.split('?') ?? [];
      const parts = path.match(/\{\w+\}/g) ?? [];
      const filled = parts.reduce((text, part, index) => text.replace(part, String(index + 1)), path);
      expect(`${sent[0]?.method} ${pathSent}`).toBe(`${method} ${filled}`);
      expect([...new URLSearchParams(querySent).keys()].toSorted()).toEqual(
        id === 'followSession' ? [] : query.toSorted(),
      );
      expect(sent[0]?.headers['idempotency-key'] !== undefined).toBe(takesKey);
      if (sent[0]?.body !== undefined) expect(hasBody).toBe(true);
    },
  );
});
