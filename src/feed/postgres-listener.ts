import { randomUUID } from 'node:crypto';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';

/** How long to wait before a lost connection is made again, in milliseconds. */
const RECONNECT_MS = 1_000;
/** How long an orderly end may take, in milliseconds. */
const END_WITHIN_MS = 1_000;
/** From when on the operating system probes an idle connection too, in milliseconds. */
const KEEP_ALIVE_AFTER_MS = 10_000;

/** How the listening connection is tried. */
export interface Probe {
  /** Pause between two probes, in milliseconds. */
  everyMs: number;
  /** How long an answer, and a connection, may take, in milliseconds. */
  withinMs: number;
}

export interface ListenerOptions {
  url: string;
  channel: string;
  probe: Probe;
  onPayload(payload: string): void;
  /** It listens again after it did not for a while. */
  onGap(): void;
  log: Logger;
}

/**
 * Listens to a channel until it is disposed of, over one connection that is made again whenever it is lost. A connection
 * whose other side is silently gone looks like a quiet one, so it is probed: it notifies itself, and must receive that in
 * time. Throws when the first connection cannot be made.
 */
export async function startListening(options: ListenerOptions): Promise<AsyncDisposable> {
  const closing = new AbortController();
  let connection = await open(options);
  const keeping = keep();

  async function keep(): Promise<void> {
    for (;;) {
      await connection.lost;
      if (closing.signal.aborted) return;
      options.log.warn('feed connection lost');
      const next = await reopen(options, closing.signal);
      if (!next) return;
      connection = next;
      options.onGap();
    }
  }

  return {
    async [Symbol.asyncDispose]() {
      closing.abort();
      await connection.end();
      await keeping;
    },
  };
}

/** Tries until there is a connection; undefined once the signal is aborted. */
async function reopen(options: ListenerOptions, signal: AbortSignal): Promise<Listening | undefined> {
  while (!signal.aborted) {
    await delay(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return undefined;
    try {
      const connection = await open(options);
      if (!signal.aborted) return connection;
      await connection.end();
    } catch (error) {
      options.log.warn({ err: error }, 'feed not connected; tried again');
    }
  }
  return undefined;
}

/** One connection that listens. */
interface Listening {
  /** Resolves when it is no more. */
  lost: Promise<void>;
  end(): Promise<void>;
}

async function open({ url, channel, probe, onPayload, log }: ListenerOptions): Promise<Listening> {
  const socket = new Socket();
  const client = new pg.Client({
    connectionString: url,
    application_name: 'longturn-feed',
    // Ours, so that it can be given up: an orderly end waits for the other side.
    stream: () => socket,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    connectionTimeoutMillis: probe.withinMs,
    query_timeout: probe.withinMs,
  });
  const lost = Promise.withResolvers<void>();
  const probeChannel = `longturn_probe_${randomUUID().replaceAll('-', '')}`;
  let probed = () => {};
  client.on('notification', (message) => {
    if (message.channel === probeChannel) probed();
    else onPayload(message.payload ?? '');
  });
  client.on('error', (error) => log.debug({ err: error }, 'feed connection failed'));
  client.on('end', lost.resolve);
  try {
    await client.connect();
    await client.query(`listen ${channel}; listen ${probeChannel}`);
  } catch (error) {
    socket.destroy();
    throw error;
  }

  const probing = new AbortController();
  void lost.promise.then(() => probing.abort());
  const roundTrip = async () => {
    const received = Promise.withResolvers<void>();
    probed = received.resolve;
    const deadline = setTimeout(
      () => received.reject(new Error('its own notification did not come')),
      probe.withinMs,
    );
    try {
      await Promise.all([client.query(`notify ${probeChannel}`), received.promise]);
    } finally {
      clearTimeout(deadline);
    }
  };
  const keepProbing = async () => {
    while (!probing.signal.aborted) {
      await delay(probe.everyMs, undefined, { signal: probing.signal }).catch(() => undefined);
      if (probing.signal.aborted) return;
      await roundTrip();
    }
  };
  void keepProbing().catch((error) => {
    log.debug({ err: error }, 'feed connection does not answer');
    socket.destroy();
  });

  return {
    lost: lost.promise,
    async end() {
      probing.abort();
      const forced = setTimeout(() => socket.destroy(), END_WITHIN_MS);
      await Promise.race([client.end(), lost.promise]);
      clearTimeout(forced);
    },
  };
}
