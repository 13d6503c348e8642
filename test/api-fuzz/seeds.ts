import { writeFile } from 'node:fs/promises';
import { poll } from '../support/poll.ts';

/** Ids of what is there, by the place in a path where one is asked for. */
type Ids = Record<string, string[]>;

/** A resource that has been made, with whatever it says of itself. */
type Made = Record<string, unknown> & { id: string };

/** Which of the ids go where: each stands in half of the requests to these paths. */
const PLACES: readonly { path: string; parameter: string; ids: string }[] = [
  { path: '^/v1/turns/', parameter: 'path.id', ids: 'turns' },
  { path: '^/v1/turns/', parameter: 'path.callId', ids: 'calls' },
  { path: '^/v1/sessions/', parameter: 'path.id', ids: 'sessions' },
  { path: '^/v1/agents/', parameter: 'path.name', ids: 'agents' },
  { path: '^/v1/tokens/', parameter: 'path.id', ids: 'tokens' },
  { path: '^/v1/webhooks/', parameter: 'path.id', ids: 'webhooks' },
  { path: '^/auth/connections/', parameter: 'path.id', ids: 'connections' },
  { path: '^/credentials/', parameter: 'path.id', ids: 'credentials' },
  { path: '^/profiles/', parameter: 'path.id', ids: 'profiles' },
];

const SCRIPTS = [
  'Nothing but words.',
  '/call write_file {"path":"a.txt","content":"a"}\n/call write_file {"path":"b.txt","content":"b"}\n/next\n/say Done.',
  '/call on_client {"question":"why"}\n/next\n/say Done.',
  '/sleep 60000',
];

/** Fills an empty system with some of everything that has an id. */
export async function sow(baseUrl: string, token: string): Promise<Ids> {
  const post = async (path: string, body: object): Promise<Made> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(baseUrl + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Made;
  };
  const clientTools = [{ name: 'on_client', description: 'Asks.', inputSchema: { type: 'object' } }];
  const turns: Made[] = [];
  for (const input of SCRIPTS)
    turns.push(await post('/v1/turns', { agent: 'rehearsal', input, clientTools }));
  const connection = { domain: 'site.test', profile_name: 'fuzz' };
  const credential = { name: 'login', domain: 'site.test', values: { username: 'ada' } };
  return {
    turns: turns.map(({ id }) => id),
    sessions: turns.map(({ sessionId }) => String(sessionId)),
    calls: await pendingCalls(baseUrl, token, 3),
    agents: ['rehearsal', 'operator'],
    tokens: await idsOf([post('/v1/tokens', { name: 'fuzz', scopes: ['turns:read'] })]),
    webhooks: await idsOf([post('/v1/webhooks', { url: 'https://hooks.test/x' })]),
    connections: await idsOf([post('/auth/connections', connection)]),
    credentials: await idsOf([
      post('/credentials', credential),
      post('/credentials', { ...credential, name: 'with codes', totp_secret: 'JBSWY3DPEHPK3PXP' }),
    ]),
    profiles: await idsOf([post('/profiles', { name: 'spare' })]),
  };
}

async function idsOf(made: Promise<Made>[]): Promise<string[]> {
  return (await Promise.all(made)).map(({ id }) => id);
}

/** Waits until so many calls wait for somebody. */
async function pendingCalls(baseUrl: string, token: string, count: number): Promise<string[]> {
  return await poll(
    async () => {
      const headers = { authorization: `Bearer ${token}` };
      const { items } = (await (await fetch(`${baseUrl}/v1/turns?status=waiting`, { headers })).json()) as {
        items: { pending: { callId: string }[] }[];
      };
      const calls = items.flatMap(({ pending }) => pending.map(({ callId }) => callId));
      return calls.length >= count ? calls : undefined;
    },
    { what: `${count} calls are pending` },
  );
}

/** Writes the configuration of schemathesis, with these ids in it. */
export async function writeConfig(file: string, settings: string, ids: Ids): Promise<void> {
  const quoted = (text: string) => JSON.stringify(text);
  const dictionaries = Object.entries(ids).map(
    ([name, values]) => `[dictionaries.${name}]\nvalues = [${values.map(quoted).join(', ')}]`,
  );
  const byPath = Map.groupBy(PLACES, ({ path }) => path);
  const operations = [...byPath].map(([path, places]) => {
    const lines = places.map(
      ({ parameter, ids: name }) =>
        `${quoted(parameter)} = { dictionary = ${quoted(name)}, probability = 0.5 }`,
    );
    return `[[operations]]\ninclude-path-regex = ${quoted(path)}\n[operations.parameters]\n${lines.join('\n')}`;
  });
  await writeFile(file, [settings, ...dictionaries, ...operations].join('\n\n'));
}
