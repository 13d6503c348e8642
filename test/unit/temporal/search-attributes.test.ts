import { expect, it } from '@jest/globals';
import { ServiceError } from '@temporalio/client';
import { createSearchAttributes } from '../../../src/temporal/search-attributes.ts';
import { createTurnGateway } from '../../../src/temporal/turn/create-turn-gateway.ts';

const TURN = { id: 't', sessionId: 's', ordinal: 1, agent: 'a' };
const KEYWORD = 2;
const log = { info() {}, debug() {} } as never;

interface Started {
  typedSearchAttributes?: { key: { name: string }; value: unknown }[];
}

/** An engine that knows these attributes and refuses starts with any that it does not really have. */
function engine({ listed, real, mayAdd }: { listed: string[]; real: string[]; mayAdd: boolean }) {
  const known = new Set(listed);
  const starts: Started[] = [];
  const client = {
    options: { namespace: 'default' },
    withDeadline: (_at: number, call: () => unknown) => call(),
    connection: {
      operatorService: {
        listSearchAttributes: async () => ({
          customAttributes: Object.fromEntries([...known].map((name) => [name, KEYWORD])),
        }),
        addSearchAttributes: async ({ searchAttributes }: { searchAttributes: object }) => {
          if (!mayAdd) throw new Error('not permitted');
          for (const name of Object.keys(searchAttributes)) known.add(name);
        },
      },
    },
    workflow: {
      start: async (_type: string, options: Started) => {
        starts.push(options);
        const foreign = (options.typedSearchAttributes ?? []).some(({ key }) => !real.includes(key.name));
        if (!foreign) return;
        const cause = Object.assign(new Error('not defined'), { code: 3, details: '', metadata: {} });
        throw new ServiceError('refused', { cause });
      },
    },
  } as never;
  const searchAttributes = createSearchAttributes(client, log);
  return { starts, searchAttributes, gateway: createTurnGateway(client, { searchAttributes }) };
}

const OURS = ['LongturnAgent', 'LongturnSession'];
const given = ({ typedSearchAttributes = [] }: Started) =>
  typedSearchAttributes.map(({ key, value }) => [key.name, value]);

it('gives turns their attributes once the namespace has them', async () => {
  const { starts, gateway, searchAttributes } = engine({ listed: [], real: OURS, mayAdd: true });
  await gateway.start(TURN);
  await searchAttributes.register();
  await gateway.start(TURN);
  expect(starts.map(given)).toEqual([
    [],
    [
      ['LongturnAgent', 'a'],
      ['LongturnSession', 's'],
    ],
  ]);
});

it('starts turns without them where they cannot be registered', async () => {
  const { starts, gateway, searchAttributes } = engine({ listed: ['Other'], real: [], mayAdd: false });
  await searchAttributes.register();
  expect(await gateway.start(TURN)).toBe(true);
  expect(starts.map(given)).toEqual([[]]);
});

it('loses no turn to an engine that lists them and refuses them', async () => {
  const { starts, gateway, searchAttributes } = engine({ listed: OURS, real: [], mayAdd: true });
  await searchAttributes.register();
  expect(await gateway.start(TURN)).toBe(true);
  expect(await gateway.start(TURN)).toBe(true);
  expect(starts.map((start) => given(start).length)).toEqual([2, 0, 0]);
});
