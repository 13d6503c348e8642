const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
/** Without a byte for so long, in milliseconds, a stream is dead: a heartbeat comes every 15 s. */
const SILENCE_MS = 40_000;

/** Waits that can be cut short: the page is seen again, the network is back. */
export function createAlarm() {
  let ring = () => {};
  const now = () => ring();
  for (const event of ['online', 'pageshow', 'focus']) addEventListener(event, now);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && now());
  return (waitMs) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      ring = () => {
        clearTimeout(timer);
        resolve();
      };
    });
}

/**
 * Follows a flow until `take` says that it has ended: the resource first, then its stream, and again both whenever the
 * stream breaks off. Throws what `isFinal` calls final.
 */
export async function follow({ read, open, take, trouble, isFinal, wait }) {
  for (let failures = 0; ; failures += 1) {
    try {
      let ended = take(await read());
      trouble(false);
      await readFrames(
        open,
        (frame) => {
          failures = 0;
          if (frame.event === 'managed_auth_state') ended ||= take(frame);
          return ended;
        },
        ended,
      );
      if (ended) return;
    } catch (error) {
      if (isFinal(error)) throw error;
      trouble(failures > 0);
    }
    await wait(Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS));
  }
}

/** Reads frames until `take` has had enough or the stream is over. */
async function readFrames(open, take, hasEnough) {
  if (hasEnough) return;
  const abort = new AbortController();
  let timer;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => abort.abort(), SILENCE_MS);
  };
  try {
    alive();
    const { body } = await open(abort.signal);
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of chunksOf(body)) {
      alive();
      const pieces = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = pieces.pop();
      for (const frame of pieces) if (take(parse(frame))) return;
    }
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}

async function* chunksOf(body) {
  const reader = body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
}

function parse(frame) {
  const line = frame.split('\n').find((each) => each.startsWith('data: '));
  return line === undefined ? {} : JSON.parse(line.slice('data: '.length));
}
