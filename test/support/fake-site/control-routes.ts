import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FakeSiteControls } from './controls.ts';
import type { Gate } from './gates.ts';
import { readFields } from './visit.ts';

type Action = (input: URLSearchParams) => unknown;

/** Answers `/__control/<action>`; see {@link createControlRoutes}. */
export type ControlRoutes = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

/**
 * The controls over HTTP, for tests in another process: `/__control/<action>` with parameters in the query or in a JSON
 * body; the answer is `{"result": …}`, errors are 400 with `{"error": …}`. Actions: `attempts`, `damage`, `messages`,
 * `last-code`, `sessions` (each with `scenario`), `approve-push`, `open-magic-link`, `expire-sessions` (`scenario`; it and
 * `last-code` with `user` too), `slow` (`ms`), `session-seconds` (`seconds`), `reset`; `hold` (`scenario`) answers a number that `hold-arrived` (answers
 * once the POST is there) and `release` take as `id`.
 */
export function createControlRoutes(controls: FakeSiteControls): ControlRoutes {
  const actions = { ...plainActions(controls), ...holdActions(controls) };
  return async (request, response, url) => {
    const input = new URLSearchParams(url.searchParams);
    const action = actions[url.pathname.slice('/__control/'.length)];
    let status = 200;
    let answer: unknown;
    try {
      if (action === undefined)
        throw new Error(`No such action; there are ${Object.keys(actions).join(', ')}.`);
      if (request.method === 'POST') {
        for (const [name, value] of Object.entries(await readFields(request))) input.set(name, value);
      }
      answer = { result: (await action(input)) ?? null };
    } catch (error) {
      status = 400;
      answer = { error: error instanceof Error ? error.message : String(error) };
    }
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  };
}

function plainActions(controls: FakeSiteControls): Record<string, Action> {
  const scenarioOf = (input: URLSearchParams): string | undefined => input.get('scenario') ?? undefined;
  const userOf = (input: URLSearchParams): string | undefined => input.get('user') ?? undefined;
  return {
    attempts: (input) => controls.attempts(scenarioOf(input)),
    damage: () => controls.damage(),
    messages: () => controls.messages(),
    'last-code': (input) => controls.lastCode(scenarioOf(input) ?? '', userOf(input)),
    sessions: (input) => controls.sessions(scenarioOf(input)),
    'approve-push': () => controls.approvePush(),
    'open-magic-link': () => controls.openMagicLink(),
    'expire-sessions': (input) => controls.expireSessions(scenarioOf(input), userOf(input)),
    slow: (input) => controls.setSlow(numberOf(input, 'ms')),
    'session-seconds': (input) => controls.setSessionSeconds(numberOf(input, 'seconds')),
    reset: () => controls.reset(),
  };
}

function holdActions(controls: FakeSiteControls): Record<string, Action> {
  const gates: Gate[] = [];
  const gateOf = (input: URLSearchParams): Gate => {
    const gate = gates[numberOf(input, 'id')];
    if (gate === undefined) throw new Error('No hold has this id; "hold" answers one.');
    return gate;
  };
  return {
    hold: (input) => gates.push(controls.holdNextPost(input.get('scenario') ?? '')) - 1,
    'hold-arrived': (input) => gateOf(input).arrived,
    release: (input) => gateOf(input).release(),
  };
}

function numberOf(input: URLSearchParams, name: string): number {
  const value = Number(input.get(name) ?? Number.NaN);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new Error(`"${name}" must be a number from 0.`);
}
