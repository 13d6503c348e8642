/** What an operation of the API is called by. `{name}` in a path stands for a parameter. */
export interface Operation {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  /** Whether it does the same however often it is sent. Else it is repeated only with an idempotency key, or where it was not taken. */
  isRepeatable: boolean;
}

const get = <P extends string>(path: P) => ({ method: 'GET', path, isRepeatable: true }) as const;
const put = <P extends string>(path: P) => ({ method: 'PUT', path, isRepeatable: true }) as const;
const patch = <P extends string>(path: P) => ({ method: 'PATCH', path, isRepeatable: true }) as const;
const remove = <P extends string>(path: P) => ({ method: 'DELETE', path, isRepeatable: true }) as const;
const once = <P extends string>(path: P) => ({ method: 'POST', path, isRepeatable: false }) as const;
/** A POST whose repeat changes nothing more: the API knows it again. */
const again = <P extends string>(path: P) => ({ method: 'POST', path, isRepeatable: true }) as const;

/** Every operation that the client has, by its id in `openapi.json`. */
export const OPERATIONS = {
  startTurn: once('/v1/turns'),
  listTurns: get('/v1/turns'),
  getTurn: get('/v1/turns/{id}'),
  deleteTurn: remove('/v1/turns/{id}'),
  retryTurn: once('/v1/turns/{id}/retry'),
  rerunTurn: once('/v1/turns/{id}/rerun'),
  followTurn: get('/v1/turns/{id}/events'),
  cancelTurn: again('/v1/turns/{id}/cancel'),
  stopTurn: again('/v1/turns/{id}/stop'),
  steerTurn: once('/v1/turns/{id}/steer'),
  getCall: get('/v1/turns/{id}/calls/{callId}'),
  decideCall: again('/v1/turns/{id}/calls/{callId}/decision'),
  submitResult: again('/v1/turns/{id}/calls/{callId}/result'),
  listSessions: get('/v1/sessions'),
  getSession: get('/v1/sessions/{id}'),
  deleteSession: remove('/v1/sessions/{id}'),
  followSession: get('/v1/sessions/{id}/events'),
  listGrants: get('/v1/sessions/{id}/grants'),
  revokeGrant: remove('/v1/sessions/{id}/grants/{grantId}'),
  listApprovals: get('/v1/approvals'),
  listAgents: get('/v1/agents'),
  getAgent: get('/v1/agents/{name}'),
  putAgent: put('/v1/agents/{name}'),
  deleteAgent: remove('/v1/agents/{name}'),
  listNotes: get('/v1/notes'),
  getNote: get('/v1/notes/{id}'),
  listTokens: get('/v1/tokens'),
  createToken: once('/v1/tokens'),
  deleteToken: remove('/v1/tokens/{id}'),
  createConnection: once('/auth/connections'),
  listConnections: get('/auth/connections'),
  getConnection: get('/auth/connections/{id}'),
  updateConnection: patch('/auth/connections/{id}'),
  deleteConnection: remove('/auth/connections/{id}'),
  beginLogin: again('/auth/connections/{id}/login'),
  submitAnswer: again('/auth/connections/{id}/submit'),
  exchangeCode: again('/auth/connections/{id}/exchange'),
  cancelLogin: once('/auth/connections/{id}/cancel'),
  checkConnection: again('/auth/connections/{id}/check'),
  listTimeline: get('/auth/connections/{id}/timeline'),
  createReport: once('/auth/connections/{id}/report'),
  listReports: get('/auth/connections/{id}/reports'),
  getReport: get('/auth/connections/{id}/reports/{reportId}'),
  deleteReport: remove('/auth/connections/{id}/reports/{reportId}'),
  getSafeConnection: get('/auth/connections/{id}/safe'),
  followLogin: get('/auth/connections/{id}/events'),
  waitForLogin: get('/auth/connections/{id}/wait'),
  createCredential: once('/credentials'),
  listCredentials: get('/credentials'),
  getCredential: get('/credentials/{id}'),
  updateCredential: patch('/credentials/{id}'),
  deleteCredential: remove('/credentials/{id}'),
  getTotpCode: get('/credentials/{id}/totp-code'),
  createProfile: once('/profiles'),
  listProfiles: get('/profiles'),
  getProfile: get('/profiles/{id}'),
  renameProfile: patch('/profiles/{id}'),
  deleteProfile: remove('/profiles/{id}'),
  downloadProfile: get('/profiles/{id}/download'),
  createWebhook: once('/v1/webhooks'),
  listWebhooks: get('/v1/webhooks'),
  getWebhook: get('/v1/webhooks/{id}'),
  deleteWebhook: remove('/v1/webhooks/{id}'),
  listDeliveries: get('/v1/webhooks/{id}/deliveries'),
  redeliver: once('/v1/webhooks/{id}/deliveries/{deliveryId}/redeliver'),
  listWorkers: get('/v1/workers'),
  getLiveness: get('/healthz'),
  getReadiness: get('/readyz'),
} as const satisfies Record<string, Operation>;

export type OperationId = keyof typeof OPERATIONS;

type ParameterOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterOf<Rest>
  : never;
/** What stands in an operation's path. */
export type PathOf<Id extends OperationId> = Record<ParameterOf<(typeof OPERATIONS)[Id]['path']>, string>;

/** A path with its parameters in place. */
export function fillPath(path: string, parameters: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w{1,40})\}/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ''));
}

/** A query that names what is given, and nothing for what is undefined. */
export function queryOf(values: object): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const text = given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&');
  return text === '' ? '' : `?${text}`;
}
