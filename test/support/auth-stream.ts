import { poll } from './poll.ts';
import { openRawStream, type RawStream } from './raw-stream.ts';

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

/** An open stream of a connection's flow over a raw socket, with everything that was read. */
export interface AuthStream extends Omit<RawStream, 'pause' | 'resume'> {
  /** Every byte of the answer, decoded. */
  readonly raw: () => string;
  readonly frames: readonly AuthFrame[];
  /** The state frames among them. */
  readonly states: () => FrameJson[];
  readonly openedAtMs: number;
  until(what: string, matches: (state: FrameJson) => boolean, timeoutMs?: number): Promise<FrameJson>;
}

/** Opens the stream over a raw socket of its own. Frames are cut at empty lines, `\n` only, as the oldest clients do. */
export async function openAuthStream(url: string, token: string): Promise<AuthStream> {
  const openedAtMs = performance.now();
  const frames: AuthFrame[] = [];
  const states = () => frames.filter(({ event }) => event === 'managed_auth_state').map(({ json }) => json);
  let raw = '';
  let rest = '';
  const stream = await openRawStream(url, { token }, (text, status) => {
    raw += text;
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    if (status === 200) frames.push(...blocks.flatMap(toFrame));
  });
  return {
    ...stream,
    raw: () => raw,
    frames,
    states,
    openedAtMs,
    until: (what, matches, timeoutMs = 20_000) =>
      poll(() => states().find(matches), {
        what: `a stream shows ${what}`,
        timeoutMs,
        everyMs: 10,
        explain: () =>
          `status ${stream.status}, ${stream.isOpen() ? 'open' : 'closed'}; ${outline(states())}`,
      }),
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
