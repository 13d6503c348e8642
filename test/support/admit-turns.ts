import { createStore } from '../../src/store/create-store.ts';

/*
 * A process that writes to a store: `admit-turns.ts <file> <prefix> <count>` admits and ends turns, each in one of
 * five sessions, and prints a line for each.
 */
const [file = '', prefix = '', count = '0'] = process.argv.slice(2);

const store = await createStore({ kind: 'sqlite', file });
for (let n = 0; n < Number(count); n += 1) {
  const id = `${prefix}-${n}`;
  const at = new Date().toISOString();
  await store.turns.admit({
    id,
    sessionId: `shared-${n % 5}`,
    agent: 'scribe',
    input: `Turn ${id}`,
    clientTools: [],
    limits: {},
    metadata: {},
    createdAt: at,
  });
  await store.deltas.append(id, 1, [
    { n: 1, delta: { type: 'text.delta', at, turnId: id, step: 1, attempt: 1, text: id } },
  ]);
  process.stdout.write(`${id}\n`);
}
await store[Symbol.asyncDispose]();
