import http from 'node:http';
import { StringDecoder } from 'node:string_decoder';

/** A stream's answer over a raw socket, for tests of its bytes, of slow readers and of how it ends. */
export interface RawStream {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly isOpen: () => boolean;
  /** Settles when the server or the reader has closed the connection. */
  readonly ended: Promise<'end' | 'broken'>;
  /** Stops and goes on reading from the socket, as a slow reader. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** Opens a stream over a socket of its own; `onText` gets what comes, decoded. Throws when no connection is made. */
export async function openRawStream(
  url: string | URL,
  options: { token: string; lastEventId?: string | undefined },
  onText: (text: string, status: number) => void,
): Promise<RawStream> {
  const { token, lastEventId } = options;
  const headers: Record<string, string> = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
  if (lastEventId !== undefined) headers['last-event-id'] = lastEventId;
  const request = http.get(url, { agent: false, headers });
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).once('error', reject);
  });
  const status = response.statusCode ?? 0;
  const decoder = new StringDecoder('utf8');
  let isOpen = true;
  response.on('data', (chunk: Buffer) => onText(decoder.write(chunk), status));
  const ended = new Promise<'end' | 'broken'>((resolve) => {
    const settle = (how: 'end' | 'broken') => () => {
      isOpen = false;
      resolve(how);
    };
    response.once('end', settle('end')).once('error', settle('broken')).once('close', settle('broken'));
    request.once('error', settle('broken'));
  });
  return {
    status,
    headers: response.headers,
    isOpen: () => isOpen,
    ended,
    pause: () => response.pause(),
    resume: () => response.resume(),
    close: () => request.destroy(),
  };
}
