import pg from 'pg';
import type { Logger } from 'pino';
import { createInProcessFeed } from './in-process-feed.ts';
import type { Hint, LiveFeed } from './live-feed.ts';

const CHANNEL = 'longturn_hints';
/** How long to wait before a lost connection is made again, in milliseconds. */
const RECONNECT_MS = 1_000;
/** How long hints are collected into one notification, in milliseconds. */
const COALESCE_MS = 2;
/** Most hints in one notification; a payload is bounded to 8,000 bytes. */
const BATCH = 40;

/**
 * Hints between processes through PostgreSQL's NOTIFY: one listening connection, one that notifies. A hint that is lost
 * while a connection is made again is made up for by the next one: readers ask the source.
 */
export async function createPostgresFeed({ url, log }: { url: string; log: Logger }): Promise<LiveFeed> {
  const local = createInProcessFeed(true);
  const notifier = new pg.Pool({ connectionString: url, max: 1 });
  notifier.on('error', (error) => log.warn({ err: error }, 'feed connection lost'));
  const listener = await startListening(url, log, (hints) => hints.forEach(local.publish));

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

async function startListening(
  url: string,
  log: Logger,
  hear: (hints: Hint[]) => void,
): Promise<AsyncDisposable> {
  let closed = false;
  let client = await listen();

  async function listen(): Promise<pg.Client> {
    const next = new pg.Client({ connectionString: url });
    next.on('notification', ({ payload }) => hear(JSON.parse(payload ?? '[]') as Hint[]));
    next.on('error', (error) => log.warn({ err: error }, 'feed connection lost'));
    next.on('end', () => {
      if (!closed) setTimeout(() => void again(), RECONNECT_MS);
    });
    await next.connect();
    await next.query(`listen ${CHANNEL}`);
    return next;
  }

  async function again(): Promise<void> {
    if (closed) return;
    try {
      client = await listen();
    } catch (error) {
      log.warn({ err: error }, 'feed not connected; tried again');
      setTimeout(() => void again(), RECONNECT_MS);
    }
  }

  return {
    async [Symbol.asyncDispose]() {
      closed = true;
      await client.end();
    },
  };
}
