import type { SubmitBody } from '../../../src/contract/auth/index.ts';
import { pause, poll } from '../poll.ts';
import { createLfOnlyParser } from './lf-only-parser.ts';
import { mergeEvent, type PageState, type Screen, screenOf } from './screen.ts';

export interface FaultyClientOptions {
  baseUrl: string;
  /** The connection. */
  sessionId: string;
  handoffCode: string;
  /** Exchanges the code twice at once, as React does in strict mode; a refusal of either is the error screen. */
  strictMode?: boolean;
  /** First pause before a stream is opened again; doubled each time. Default 100. */
  backoffMs?: number;
}

/** A page in a browser, made of the faults that its kind has had. */
export interface FaultyClient {
  readonly screen: () => Screen;
  readonly state: () => PageState | undefined;
  /** Each screen that was shown, in order, without repetitions. */
  readonly screens: Screen[];
  /** Every frame's JSON. */
  readonly frames: Record<string, unknown>[];
  readonly jwt: () => string | undefined;
  /** What stands above the form, from the answer to a refused submit. */
  readonly formError: () => string | undefined;
  readonly callbacks: { success: number; error: { code?: string; message: string }[] };
  readonly streamsOpened: () => number;
  /** Submits, and shows "submitting" until the next frame; 401 and 410 are but an error above the form. */
  submit(body: SubmitBody): Promise<number>;
  /** Breaks the stream, as a network does. */
  dropStream(): void;
  /** Tears the page down; a reconnect that is under way is not stopped. */
  unmount(): void;
  until(screen: Screen, timeoutMs?: number): Promise<PageState>;
}

/** Opens the page. */
export function openFaultyClient(options: FaultyClientOptions): FaultyClient {
  const { baseUrl, sessionId, handoffCode, backoffMs = 100 } = options;
  const path = `${baseUrl}/auth/connections/${sessionId}`;
  const screens: Screen[] = ['loading'];
  const frames: Record<string, unknown>[] = [];
  const callbacks: FaultyClient['callbacks'] = { success: 0, error: [] };
  let jwt: string | undefined;
  let state: PageState | undefined;
  let forced: Screen | undefined;
  let formError: string | undefined;
  let streams = 0;
  let isOver = false;
  let stream: AbortController | undefined;

  const screen = (): Screen => forced ?? screenOf(state);
  const finish = (how: Screen, error?: { code?: string; message: string }) => {
    if (isOver) return;
    isOver = true;
    if (how === 'success') callbacks.success += 1;
    else callbacks.error.push(error ?? { message: how });
  };
  const shown = () => {
    const now = screen();
    if (screens.at(-1) !== now) screens.push(now);
    if (now === 'success' || now === 'expired' || now === 'error') {
      finish(now, {
        code: String(state?.['error_code'] ?? now),
        message: String(state?.['error_message'] ?? now),
      });
    }
  };
  const force = (how: Screen) => {
    forced = how;
    shown();
  };
  const headers = () => ({ authorization: `Bearer ${jwt}`, accept: 'application/json' });

  const exchange = async () => {
    const answer = await fetch(`${path}/exchange`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: handoffCode }),
    });
    const body = (await answer.json()) as { jwt?: string; code?: string };
    if (answer.status !== 200 || body.jwt === undefined) throw new Error(`exchange ${answer.status}`);
    jwt = body.jwt;
  };
  const onFrame = ({ event, data }: { event: string; data: string }) => {
    const json = JSON.parse(data) as Record<string, unknown>;
    frames.push(json);
    if (event === 'error') force('error');
    if (event !== 'managed_auth_state' || forced === 'error') return;
    forced = undefined;
    formError = undefined;
    state = mergeEvent(state, json);
    shown();
  };
  const readStream = async () => {
    stream = new AbortController();
    const answer = await fetch(`${path}/events`, {
      headers: { ...headers(), accept: 'text/event-stream' },
      signal: stream.signal,
    });
    if (answer.status === 401 || answer.status === 410) return force('expired');
    if (answer.status !== 200 || !answer.body) throw new Error(`events ${answer.status}`);
    streams += 1;
    const parse = createLfOnlyParser(onFrame);
    for await (const text of answer.body.pipeThrough(new TextDecoderStream())) parse(text);
  };
  const followOn = async () => {
    let wait = backoffMs;
    while (!isOver) {
      const before = frames.length;
      try {
        await readStream();
      } catch {
        // A broken stream: opened again below, without reading the state anew.
      }
      if (isOver) return;
      if (frames.length > before) wait = backoffMs;
      await pause(wait);
      wait = Math.min(wait * 2, 15_000);
    }
  };
  const start = async () => {
    try {
      await Promise.all(options.strictMode ? [exchange(), exchange()] : [exchange()]);
    } catch {
      return force('error');
    }
    const answer = await fetch(path, { headers: headers() });
    if (answer.status === 401 || answer.status === 410) return force('expired');
    state = (await answer.json()) as PageState;
    shown();
    await followOn();
  };
  void start();

  return {
    screen,
    state: () => state,
    screens,
    frames,
    jwt: () => jwt,
    formError: () => formError,
    callbacks,
    streamsOpened: () => streams,
    submit: async (body) => {
      if (screen() === 'form') force('submitting');
      const answer = await fetch(`${path}/submit`, {
        method: 'POST',
        headers: { ...headers(), 'content-type': 'application/json' },
        body: JSON.stringify({ fields: {}, ...body }),
      });
      const said = (await answer.json()) as { message?: string };
      if (answer.status !== 202) {
        formError = said.message ?? 'error';
        if (forced === 'submitting') forced = undefined;
        shown();
      }
      return answer.status;
    },
    dropStream: () => stream?.abort(),
    unmount: () => {
      isOver = true;
      stream?.abort();
    },
    until: (wanted, timeoutMs = 30_000) =>
      poll(() => (screen() === wanted ? (state ?? {}) : undefined), {
        what: `the page shows "${wanted}"`,
        timeoutMs,
        explain: () => `screens: ${screens.join(' → ')}; ${formError ?? ''} ${JSON.stringify(frames.at(-1))}`,
      }),
  };
}
