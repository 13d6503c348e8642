import { writeFile } from 'node:fs/promises';
import { type Client, createClient } from '../../src/client/index.ts';
import { poll } from '../support/poll.ts';

/** Ids of what is there, by the place in a path where one is asked for. */
type Ids = Record<string, string[]>;

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
  const client = createClient({ baseUrl, token, retries: 0 });
  const { connections, credentials, profiles, tokens, webhooks } = client;
  const clientTools = [{ name: 'on_client', description: 'Asks.', inputSchema: { type: 'object' } }];
  const turns = [];
  for (const input of SCRIPTS)
    turns.push(await client.turns.start({ agent: 'rehearsal', input, clientTools }));
  const credential = { name: 'login', domain: 'site.test', values: { username: 'ada' } };
  const codes = { ...credential, name: 'with codes', totp_secret: 'JBSWY3DPEHPK3PXP' };
  return {
    turns: turns.map(({ id }) => id),
    sessions: turns.map(({ sessionId }) => sessionId),
    calls: await pendingCalls(client, 3),
    agents: ['rehearsal', 'operator'],
    tokens: await idsOf([tokens.create({ name: 'fuzz', scopes: ['turns:read'] })]),
    webhooks: await idsOf([webhooks.create({ url: 'https://hooks.test/x' })]),
    connections: await idsOf([connections.create({ domain: 'site.test', profile_name: 'fuzz' })]),
    credentials: await idsOf([credentials.create(credential), credentials.create(codes)]),
    profiles: await idsOf([profiles.create({ name: 'spare' })]),
  };
}

async function idsOf(made: Promise<{ id: string }>[]): Promise<string[]> {
  return (await Promise.all(made)).map(({ id }) => id);
}

/** Waits until so many calls wait for somebody. */
async function pendingCalls({ turns }: Client, count: number): Promise<string[]> {
  return await poll(
    async () => {
      const { items } = await turns.list({ status: 'waiting' });
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
