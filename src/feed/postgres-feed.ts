import pg from 'pg';
import type { Logger } from 'pino';
import { createInProcessFeed } from './in-process-feed.ts';
import type { Hint, LiveFeed } from './live-feed.ts';
import { type Probe, startListening } from './postgres-listener.ts';

const CHANNEL = 'longturn_hints';
/** How long hints are collected into one notification, in milliseconds. */
const COALESCE_MS = 2;
/** Most hints in one notification; a payload is bounded to 8,000 bytes. */
const BATCH = 40;
/** A listening connection that went silent is noticed after about 6 s. */
const PROBE: Probe = { everyMs: 3_000, withinMs: 3_000 };
/** How long a notification may take, in milliseconds; then its connection is given up. */
const SEND_WITHIN_MS = 5_000;

export interface PostgresFeedOptions {
  url: string;
  log: Logger;
  /** How the listening connection is tried; by default every 3 s, within 3 s. */
  probe?: Probe;
}

/**
 * Hints between processes through PostgreSQL's NOTIFY: one listening connection, one that notifies. Hints that are lost
 * while the listening one is made again are made up for by one `gap`: readers ask the source.
 */
export async function createPostgresFeed({
  url,
  log,
  probe = PROBE,
}: PostgresFeedOptions): Promise<LiveFeed> {
  const local = createInProcessFeed(true);
  const notifier = new pg.Pool({
    connectionString: url,
    max: 1,
    keepAlive: true,
    connectionTimeoutMillis: SEND_WITHIN_MS,
    query_timeout: SEND_WITHIN_MS,
  });
  notifier.on('error', (error) => log.warn({ err: error }, 'feed connection lost'));
  const listener = await startListening({
    url,
    channel: CHANNEL,
    probe,
    onPayload: (payload) => (JSON.parse(payload || '[]') as Hint[]).forEach(local.publish),
    onGap: () => local.publish({ topic: 'gap' }),
    log,
  });

  let collected = new Map<string, Hint>();
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    timer = undefined;
    const hints = [...collected.values()];
    collected = new Map();
    for (let first = 0; first < hints.length; first += BATCH) {
      const payload = JSON.stringify(hints.slice(first, first + BATCH));
      notifier
        .query('select pg_notify($1, $2)', [CHANNEL, payload])
        .catch((error) => log.warn({ err: error }, 'hint not sent'));
    }
  };

  return {
    reaches: true,
    publish(hint) {
      collected.set(JSON.stringify(hint), hint);
      timer ??= setTimeout(flush, COALESCE_MS);
    },
    subscribe: local.subscribe,
    async [Symbol.asyncDispose]() {
      clearTimeout(timer);
      await listener[Symbol.asyncDispose]();
      await notifier.end();
      await local[Symbol.asyncDispose]();
    },
  };
}
