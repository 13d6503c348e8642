import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createModelDirectory } from '../../../src/models/create-model-directory.ts';
import type { ModelDirectory } from '../../../src/models/model-provider.ts';
import { useDisposable } from '../../support/use-disposable.ts';
import { configFor, type Frame } from './vendors.ts';

/** A request that a {@link createWireServer} got. */
export interface SeenRequest {
  path: string;
  headers: IncomingMessage['headers'];
  body: unknown;
}

/** What the server answers to the next requests. */
export type Answer =
  | { status: number; headers?: Record<string, string>; body: unknown }
  | { status: number; headers: Record<string, string>; text: string }
  /** `end`: how the stream ends after its frames; `open` leaves it open. */
  | { frames: Frame[]; end: 'close' | 'destroy' | 'open' };

/** A server that speaks whatever frames a test hands it. */
export async function createWireServer() {
  const seen: SeenRequest[] = [];
  let answers: Answer[] = [{ status: 500, body: { error: { message: 'the test set no answer' } } }];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
      seen.push({ path: request.url ?? '', headers: request.headers, body });
      const [answer] = answers;
      if (answers.length > 1) answers.shift();
      if (answer) reply(response, answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    /** What is answered from now on, one after another; the last one is given again and again. */
    answers(...next: Answer[]) {
      seen.length = 0;
      answers = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type WireServer = Awaited<ReturnType<typeof createWireServer>>;

/** Registers hooks that start a server for a file's tests; returns it, with the models that speak to it. */
export function useWireServer(): () => WireServer & { directory: ModelDirectory } {
  return useDisposable('The server', async () => {
    const server = await createWireServer();
    return { ...server, directory: createModelDirectory(configFor(server.url)) };
  });
}

function reply(response: ServerResponse, answer: Answer): void {
  if ('status' in answer) {
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end('text' in answer ? answer.text : JSON.stringify(answer.body));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const text = answer.frames.map(
    ({ event, data }) =>
      `${event ? `event: ${event}\n` : ''}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`,
  );
  response.write(text.join(''), () => {
    if (answer.end === 'close') response.end();
    if (answer.end === 'destroy') response.destroy();
  });
}
