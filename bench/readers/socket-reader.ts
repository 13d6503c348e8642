import { once } from 'node:events';
import { connect } from 'node:net';

export interface Arrival {
  id: string;
  type: string;
  /** What the frame says of its time, ISO 8601. */
  at: string;
  /** When it arrived, in milliseconds of the epoch. */
  arrivedMs: number;
}

export interface SocketReader {
  /** Resolves with the first frame, the snapshot. */
  opened: Promise<void>;
  /** Resolves when the server has ended the stream. */
  ended: Promise<void>;
}

/** A frame with an id; what HTTP's chunking puts between frames is passed over. */
const FRAME = /id: (\S+)\nevent: (\S+)\ndata: .*?"at":"([^"]+)".*\n\n/g;

/** The cheapest reader there is, so that a thousand of them measure the server and not themselves. */
export function openSocketReader(
  { port, path, token }: { port: number; path: string; token: string },
  onArrival: (arrival: Arrival) => void,
): SocketReader {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  const opened = Promise.withResolvers<void>();
  socket.setEncoding('latin1');
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\nAccept: text/event-stream\r\n\r\n`,
  );
  let rest = '';
  let isOpen = false;
  socket.on('data', (text: string) => {
    const arrivedMs = performance.timeOrigin + performance.now();
    rest += text;
    const end = rest.lastIndexOf('\n\n') + 2;
    if (end < 2) return;
    const whole = rest.slice(0, end);
    rest = rest.slice(end);
    if (!isOpen && whole.includes('event: snapshot\n')) {
      isOpen = true;
      opened.resolve();
    }
    for (const [, id = '', type = '', at = ''] of whole.matchAll(FRAME)) {
      if (type !== 'snapshot') onArrival({ id, type, at, arrivedMs });
    }
  });
  socket.once('close', () => opened.reject(new Error(`The stream ended before its snapshot: ${rest}`)));
  return { opened: opened.promise, ended: once(socket, 'close').then(() => undefined) };
}
