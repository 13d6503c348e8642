import { createApi, Refusal } from './api.js';
import { createAlarm, follow } from './follow.js';
import { createScreen } from './screen.js';
import { createSession, takeCode } from './session.js';

/** What a refusal of a read or of the exchange means for good, by status. */
const ENDS = { 400: 'broken', 401: 'over', 403: 'broken', 404: 'gone', 410: 'EXPIRED' };
const EXCHANGE_ENDS = { ...ENDS, 404: 'broken', 410: 'used' };

const [base, connectionId] = placeOf(location.pathname);
const api = createApi(base, connectionId);
const local = { state: undefined, end: undefined, notice: undefined, sending: undefined };
const screen = createScreen(answer);
const wait = createAlarm();
let jwt;

await run();

async function run() {
  screen.draw(local);
  jwt = await openSession();
  if (jwt === undefined) return finish('broken');
  try {
    await follow({
      read: () => api.read(jwt),
      open: (signal) => api.events(jwt, signal),
      take,
      trouble: screen.trouble,
      isFinal,
      wait,
    });
  } catch (error) {
    finish(ENDS[error.status]);
  }
}

/** The session token; undefined where there is none to be had, which is shown. */
async function openSession() {
  const session = createSession(connectionId);
  for (let code = takeCode(), waitMs = 500; ; waitMs = Math.min(waitMs * 2, 10_000)) {
    try {
      const token = await session.token(code, api.exchange);
      screen.trouble(false);
      return token;
    } catch (error) {
      if (isFinal(error)) return finish(EXCHANGE_ENDS[error.status]);
      code = undefined;
      screen.trouble(true);
      await wait(waitMs);
    }
  }
}

function isFinal(error) {
  return error instanceof Refusal && ENDS[error.status] !== undefined;
}

/** Takes a state, unless a newer one is here already; a frame lacks what only the resource has. Says whether it is an end. */
function take(found) {
  const { state } = local;
  const isOld = state?.flow_id === found.flow_id && found.revision < state.revision;
  if (!isOld) {
    const next = { ...state, ...found, fields: found.fields ?? [], choices: found.choices ?? [] };
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
    await api.submit(jwt, { interaction_id: asked, ...given });
    await refresh();
  } catch (error) {
    await refused(error, asked);
  } finally {
    local.sending = undefined;
    screen.draw(local);
  }
}

async function refused(error, asked) {
  const isEnd = error instanceof Refusal && [401, 404, 410].includes(error.status);
  if (isEnd) return finish(ENDS[error.status]);
  await refresh();
  if (local.state.interaction_id === asked) local.notice = noticeOf(error);
  else if (error.code === 'stale_interaction') local.notice = 'stale';
}

function noticeOf(error) {
  if (!(error instanceof Refusal)) return 'lost';
  return error.status === 503 || error.status === 429 ? 'busy' : 'refused';
}

/** Reads the state until it is read, so that the question is not shown again that was just answered. */
async function refresh() {
  for (let waitMs = 500; local.end === undefined; waitMs = Math.min(waitMs * 2, 10_000)) {
    try {
      take(await api.read(jwt));
      return;
    } catch (error) {
      if (isFinal(error)) return finish(ENDS[error.status]);
      screen.trouble(true);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
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
