import http from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import { poll } from './poll.ts';

/** A state frame's JSON as it came over the wire, not validated. */
export type FrameJson = Record<string, unknown> & {
  event?: string;
  flow_id?: string;
  revision?: number;
  flow_status?: string;
  flow_step?: string;
};

/** One frame of a flow's stream. */
export interface AuthFrame {
  /** The `event:` line. */
  event: string;
  json: FrameJson;
  /** The lines as they came. */
  lines: string[];
  /** When it arrived, by `performance.now()`. */
  atMs: number;
}

/** An open stream of a connection's flow, with everything that was read. */
export interface AuthStream {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** Every byte of the answer, decoded. */
  readonly raw: () => string;
  readonly frames: readonly AuthFrame[];
  /** The state frames among them. */
  readonly states: () => FrameJson[];
  readonly isOpen: () => boolean;
  readonly openedAtMs: number;
  /** Settles when the server (`end`) or a break (`broken`) has closed the stream. */
  readonly ended: Promise<'end' | 'broken'>;
  until(what: string, matches: (state: FrameJson) => boolean, timeoutMs?: number): Promise<FrameJson>;
  close(): void;
}

/** Opens the stream over a socket of its own. Frames are cut at empty lines, `\n` only, as the oldest clients do. */
export async function openAuthStream(url: string, token: string): Promise<AuthStream> {
  const openedAtMs = performance.now();
  const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
  const request = http.get(url, { agent: false, headers });
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).once('error', reject);
  });
  const frames: AuthFrame[] = [];
  const states = () => frames.filter(({ event }) => event === 'managed_auth_state').map(({ json }) => json);
  let raw = '';
  let rest = '';
  let isOpen = true;
  const decoder = new StringDecoder('utf8');
  response.on('data', (chunk: Buffer) => {
    const text = decoder.write(chunk);
    raw += text;
    rest += text;
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    if (response.statusCode === 200) frames.push(...blocks.flatMap(toFrame));
  });
  const ended = new Promise<'end' | 'broken'>((resolve) => {
    const settle = (how: 'end' | 'broken') => () => {
      isOpen = false;
      resolve(how);
    };
    response.once('end', settle('end')).once('error', settle('broken')).once('close', settle('broken'));
    request.once('error', settle('broken'));
  });
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    raw: () => raw,
    frames,
    states,
    isOpen: () => isOpen,
    openedAtMs,
    ended,
    until: (what, matches, timeoutMs = 20_000) =>
      poll(() => states().find(matches), {
        what: `a stream shows ${what}`,
        timeoutMs,
        everyMs: 10,
        explain: () => `status ${response.statusCode}, ${isOpen ? 'open' : 'closed'}; ${outline(states())}`,
      }),
    close: () => request.destroy(),
  };
}

/** States in one line each, for error messages. */
export function outline(states: readonly FrameJson[]): string {
  return states
    .map((state) => {
      const { revision, flow_status, flow_step, error_code, website_error } = state;
      const more = [error_code, website_error].filter(Boolean).join(' ');
      return `${revision} ${flow_status}/${flow_step} ${more}`.trim();
    })
    .join(', ');
}

function toFrame(block: string): AuthFrame[] {
  const lines = block.split('\n').filter((line) => line !== '');
  const said = lines.filter((line) => !line.startsWith(':'));
  if (said.length === 0) return [];
  const event = said.find((line) => line.startsWith('event: '))?.slice('event: '.length) ?? '';
  const data = said.findLast((line) => line.startsWith('data: '))?.slice('data: '.length) ?? '{}';
  return [{ event, json: JSON.parse(data) as FrameJson, lines, atMs: performance.now() }];
}
