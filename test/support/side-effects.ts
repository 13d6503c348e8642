import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';
import { poll } from './poll.ts';

/** A server that counts what it is asked: the ledger of effects outside the system under test. */
export interface CountingServer extends AsyncDisposable {
  /** What goes into `LONGTURN_HTTP_FETCH_ALLOW`. */
  readonly allow: string;
  /** Asks for the key's counter to go up, and for an answer after the delay. */
  url(key: string, delayMs?: number): string;
  count(key: string): number;
  /** Waits until the key was asked for at least once. */
  reached(key: string, timeoutMs?: number): Promise<void>;
}

/** Starts a counting server on loopback. */
export async function startCountingServer(): Promise<CountingServer> {
  const counts = new Map<string, number>();
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://counting.invalid');
    const key = url.pathname.slice(1);
    counts.set(key, (counts.get(key) ?? 0) + 1);
    request.resume();
    setTimeout(() => response.end(`counted ${key}`), Number(url.searchParams.get('delayMs') ?? 0));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The counting server has no port.');
  const count = (key: string) => counts.get(key) ?? 0;
  return {
    allow: `127.0.0.1:${address.port}`,
    url: (key, delayMs = 0) => `http://127.0.0.1:${address.port}/${key}?delayMs=${delayMs}`,
    count,
    reached: async (key, timeoutMs = 20_000) => {
      await poll(() => count(key) > 0, { what: `the counting server is asked for ${key}`, timeoutMs });
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** Files that the tools of an agent made in its workspace. */
export interface Workspace {
  readonly folder: string;
  /** The file's text; undefined where there is none. */
  text(path: string): Promise<string | undefined>;
  /** Its lines that are not empty: how often a command that appends one was executed. */
  lines(path: string): Promise<string[]>;
  /** Waits until the file has a line. */
  reached(path: string, timeoutMs?: number): Promise<void>;
}

/** The workspace of an agent in a data folder. */
export function workspaceOf(dataDir: string, agent: string): Workspace {
  const folder = join(dataDir, 'workspaces', agent);
  const text = async (path: string) => {
    try {
      return await readFile(join(folder, path), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  };
  const lines = async (path: string) => ((await text(path)) ?? '').split('\n').filter((line) => line !== '');
  return {
    folder,
    text,
    lines,
    reached: async (path, timeoutMs = 20_000) => {
      await poll(async () => (await lines(path)).length > 0, { what: `${path} is written`, timeoutMs });
    },
  };
}
