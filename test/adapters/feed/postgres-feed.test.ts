import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { Hint } from '../../../src/feed/live-feed.ts';
import { createPostgresFeed } from '../../../src/feed/postgres-feed.ts';
import { poll } from '../../support/poll.ts';
import {
  findPostgres,
  POSTGRES_MISSING,
  type PostgresCluster,
  startPostgres,
} from '../../support/postgres.ts';

const isInstalled = findPostgres() !== undefined;
const describeHere = isInstalled ? describe : describe.skip;

describeHere(`the PostgreSQL feed${isInstalled ? '' : ` (${POSTGRES_MISSING})`}`, () => {
  let cluster: PostgresCluster;
  let url: string;
  beforeAll(async () => {
    cluster = await startPostgres();
    url = await cluster.createDatabase();
  });
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]();
  });
  const log = pino({ level: 'silent' });

  it('carries hints from one process to another, equal ones within a moment once', async () => {
    await using from = await createPostgresFeed({ url, log });
    await using to = await createPostgresFeed({ url, log });
    const heard: Hint[] = [];
    const unsubscribe = to.subscribe((hint) => heard.push(hint));
    for (let n = 0; n < 5; n += 1) from.publish({ topic: 'turn', turnId: 'turn_1', change: 'stored' });
    from.publish({ topic: 'approvals' });
    await poll(() => heard.length >= 2, { what: 'two hints' });
    expect(heard).toEqual([{ topic: 'turn', turnId: 'turn_1', change: 'stored' }, { topic: 'approvals' }]);
    unsubscribe();
    from.publish({ topic: 'approvals' });
    const later: Hint[] = [];
    to.subscribe((hint) => later.push(hint));
    from.publish({ topic: 'session', sessionId: 's' });
    await poll(() => later.some((hint) => hint.topic === 'session'), { what: 'a later hint' });
    expect(heard).toHaveLength(2);
  });

  it('sends many hints at once in portions that the database takes', async () => {
    await using from = await createPostgresFeed({ url, log });
    await using to = await createPostgresFeed({ url, log });
    const heard = new Set<string>();
    to.subscribe((hint) => heard.add(JSON.stringify(hint)));
    for (let n = 0; n < 500; n += 1) {
      from.publish({ topic: 'turn', turnId: `turn_${'x'.repeat(50)}_${n}`, change: 'closed' });
    }
    await poll(() => heard.size === 500, { what: '500 hints' });
  });

  it('listens again after its connection was lost', async () => {
    await using from = await createPostgresFeed({ url, log });
    await using to = await createPostgresFeed({ url, log });
    const heard: Hint[] = [];
    to.subscribe((hint) => heard.push(hint));
    await cluster.dropConnections(url);
    await poll(
      () => {
        from.publish({ topic: 'approvals' });
        return heard.length > 0;
      },
      { what: 'a hint after the loss', everyMs: 100 },
    );
  });
});
