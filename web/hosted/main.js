import { createAlarm } from './alarm.js';
import { ApiError, createClient } from './client/index.js';
import { createPictures } from './preview.js';
import { returnAddress } from './return.js';
import { createScreen } from './screen.js';
import { createSession, takeCode } from './session.js';
import { wordsOfPage } from './words.js';

/** What a refusal of a read or of the exchange means, by status. */
const ENDS = { 400: 'broken', 401: 'over', 403: 'broken', 404: 'gone', 410: 'EXPIRED' };
const EXCHANGE_ENDS = { ...ENDS, 404: 'broken', 410: 'used' };

const [base, connectionId] = placeOf(location.pathname);
const local = { state: undefined, end: undefined, notice: undefined, sending: undefined };
let session;
const screen = createScreen({
  answer,
  words: wordsOfPage(),
  picture: createPictures({ base, token: () => session.jwt }),
  back: () => returnAddress(session, { connectionId, flow: local.state }),
});
const { connections } = createClient({
  baseUrl: base,
  token: () => session?.jwt,
  fetch: (url, init) => fetch(url, { ...init, cache: 'no-store', credentials: 'omit' }),
  sleep: createAlarm(),
  timeoutMs: 20_000,
});

await run();

async function run() {
  screen.draw(local);
  session = await openSession();
  if (session === undefined) return finish('broken');
  try {
    if (take(await patiently((options) => connections.get(connectionId, options)))) return;
    const onConnection = ({ isConnected, failures }) => screen.trouble(!isConnected && failures > 1);
    for await (const { data } of connections.follow(connectionId, { onConnection })) if (take(data)) return;
  } catch (error) {
    finish(ENDS[error.status] ?? 'broken');
  }
}

/** The session; undefined where there is none to be had, which is shown. */
async function openSession() {
  const exchange = (code) => patiently((options) => connections.exchange(connectionId, code, options));
  try {
    return await createSession(connectionId).open(takeCode(), exchange);
  } catch (error) {
    return finish(EXCHANGE_ENDS[error.status] ?? 'broken');
  }
}

/** Asks until there is an answer, or a refusal; as long as there is neither, the page says so. */
async function patiently(ask) {
  const answer = await ask({ retries: Number.POSITIVE_INFINITY, onRetry: () => screen.trouble(true) });
  screen.trouble(false);
  return answer;
}

/** Takes a state, unless a newer one is here already; a frame lacks what only the resource has. Says whether it is an end. */
function take(found) {
  const { state } = local;
  const isOld = state?.flow_id === found.flow_id && found.revision < state.revision;
  if (!isOld) {
    const { fields, choices, notice, preview } = found;
    const next = { ...state, ...found, fields: fields ?? [], choices: choices ?? [], notice, preview };
    if (state && next.interaction_id !== state.interaction_id) local.notice = undefined;
    local.state = next;
    screen.draw(local);
  }
  return local.end !== undefined || !['IN_PROGRESS', null].includes(local.state.flow_status);
}

/** Sends an answer. What was typed is in `given` only, and gone when this returns. */
async function answer(given) {
  const asked = local.state.interaction_id;
  if (local.sending !== undefined) return;
  local.sending = asked;
  local.notice = undefined;
  screen.draw(local);
  try {
    await connections.submit(connectionId, { interaction_id: asked, ...given });
    await refresh();
  } catch (error) {
    await refused(error, asked);
  } finally {
    local.sending = undefined;
    screen.draw(local);
  }
}

async function refused(error, asked) {
  const isEnd = error instanceof ApiError && [401, 404, 410].includes(error.status);
  if (isEnd) return finish(ENDS[error.status]);
  await refresh();
  if (local.state.interaction_id === asked) local.notice = noticeOf(error);
  else if (error.code === 'stale_interaction') local.notice = 'stale';
}

function noticeOf(error) {
  if (!(error instanceof ApiError)) return 'lost';
  return error.status === 503 || error.status === 429 ? 'busy' : 'refused';
}

/** Reads the state until it is read, so that the question is not shown again that was just answered. */
async function refresh() {
  try {
    take(await patiently((options) => connections.get(connectionId, options)));
  } catch (error) {
    finish(ENDS[error.status] ?? 'broken');
  }
}

function finish(end) {
  screen.trouble(false);
  local.end ??= end;
  screen.draw(local);
}

/** `/auth/hosted/<id>`, also below a path of a proxy. */
function placeOf(pathname) {
  const [before, id = ''] = pathname.split('/auth/hosted/');
  return [before, decodeURIComponent(id)];
}
