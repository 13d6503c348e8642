import { request } from 'undici';
import { poll } from '../../test/support/poll.ts';

/** Speaks to a process started with `--inspect`, to have its garbage collected before its memory is read. */
export interface Inspector extends Disposable {
  /** Collects garbage in the main thread and in every worker thread; answers the heap in use, in KiB. */
  collectGarbage(): Promise<number>;
}

interface Message {
  id?: number;
  method?: string;
  params?: { sessionId?: string; message?: string };
  result?: { usedSize?: number; backingStorageSize?: number };
}

type Ask = (method: string, params?: object) => Promise<Message>;

/** Connects to the inspector on a port of this machine. */
export async function connectInspector(port: number): Promise<Inspector> {
  const socket = new WebSocket(await debuggerUrl(port));
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener('error', () => reject(new Error('The inspector does not answer.')), {
      once: true,
    });
  });
  const main = createSession((text) => socket.send(text));
  const threads = new Map<string, ReturnType<typeof createSession>>();
  const takeUp = ({ method, params }: Message) => {
    const id = params?.sessionId ?? '';
    if (method === 'NodeWorker.attachedToWorker') {
      const pass = (message: string) =>
        void main.ask('NodeWorker.sendMessageToWorker', { sessionId: id, message });
      threads.set(id, createSession(pass));
    }
    if (method === 'NodeWorker.detachedFromWorker') threads.delete(id);
    if (method === 'NodeWorker.receivedMessageFromWorker')
      threads.get(id)?.receive(JSON.parse(params?.message ?? '{}'));
  };
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.id === undefined) takeUp(message);
    else main.receive(message);
  });
  await main.ask('NodeWorker.enable', { waitForDebuggerOnStart: false });
  return {
    async collectGarbage() {
      const heaps = await Promise.all([main, ...threads.values()].map(({ ask }) => heapAfterCollection(ask)));
      return heaps.reduce((sum, kib) => sum + kib, 0);
    },
    [Symbol.dispose]: () => socket.close(),
  };
}

async function heapAfterCollection(ask: Ask): Promise<number> {
  // The second one takes what finalizers of the first let go.
  await ask('HeapProfiler.collectGarbage');
  await ask('HeapProfiler.collectGarbage');
  const { result } = await ask('Runtime.getHeapUsage');
  return ((result?.usedSize ?? 0) + (result?.backingStorageSize ?? 0)) / 1_024;
}

/** Questions and answers over one line, matched by number. */
function createSession(send: (text: string) => void) {
  const waiting = new Map<number, (answer: Message) => void>();
  let last = 0;
  const ask: Ask = (method, params = {}) => {
    last += 1;
    const id = last;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      send(JSON.stringify({ id, method, params }));
    });
  };
  return {
    ask,
    receive(message: Message) {
      const { id = 0 } = message;
      waiting.get(id)?.(message);
      waiting.delete(id);
    },
  };
}

async function debuggerUrl(port: number): Promise<string> {
  return await poll(
    async () => {
      const { body } = await request(`http://127.0.0.1:${port}/json/list`);
      const [target] = (await body.json()) as { webSocketDebuggerUrl: string }[];
      return target?.webSocketDebuggerUrl;
    },
    { what: `the inspector answers on port ${port}` },
  );
}
