import type { TurnEvent, TurnFact, Usage } from '../../contract/index.ts';
import { sha256Hex } from '../../digest.ts';
import { type CallState, isOpen } from './call-state.ts';
import { carriedState } from './carried-state.ts';
import { bytesOf, MAX_CARRIED_STATE_BYTES } from './sizes.ts';
import { advance, callsOf, initialTurnState, type TurnState } from './turn-state.ts';

/** How far a log was read: the last event, and the hash of all events up to it. */
export interface LogCursor {
  seq: number;
  chain: string;
}

/** Events behind a cursor, or everything again when the reader's history is not ours. */
export interface LogPage {
  events: TurnEvent[];
  position: LogCursor;
  /** The reader's chain differs: what it has was never committed; `events` starts at the first one kept. */
  reset: boolean;
  /** Events up to this number are in the archive only (after continue-as-new). */
  base: number;
  /** There is more behind `position`. */
  more: boolean;
}

/** A page as the query answers it, with what is not in events: tokens used so far. */
export type LogAnswer = LogPage & { usage: Usage };

/** What continues in the next workflow run. */
export interface LogCarry {
  base: LogCursor;
  state: TurnState;
}

/** Chain before the first event. */
export const GENESIS = '';

/** The cursor of who has read nothing yet. */
export const LOG_START: LogCursor = { seq: 0, chain: GENESIS };

/** The hash of all events up to the last of these; `before` is the hash before the first of them. */
export function chainOf(events: TurnEvent[], before: string = GENESIS): string {
  return events.reduce((chain, event) => link(chain, JSON.stringify(event)), before);
}

function link(before: string, json: string): string {
  return sha256Hex(before + json);
}

/** Most events in one answer to a query, in bytes of JSON; one event may be larger. */
const PAGE_BYTES = 500_000;

/** The append-only log of a turn: gap-free numbers, a hash chain, and the state that the events add up to. */
export interface TurnLog {
  append(fact: TurnFact): TurnEvent;
  /** The state as it is now: it goes on with every event. */
  state(): Readonly<TurnState>;
  /** Calls that have no result yet, in request order. */
  openCalls(): CallState[];
  position(): LogCursor;
  since(reader: LogCursor): LogPage;
  /** Events that no completed activity has carried to the store yet; the first of them, up to so many bytes of JSON. */
  unacknowledged(bytes?: number): TurnEvent[];
  /** Bytes of JSON of these. */
  unacknowledgedBytes(): number;
  /** An activity that carried everything up to `seq` has completed. */
  acknowledge(seq: number): void;
  /** An activity that carries everything up to `seq` is scheduled. */
  schedule(seq: number): void;
  /** Events that no scheduled activity carries. */
  unscheduled(): TurnEvent[];
  /** For continue-as-new; every event must be acknowledged. */
  carry(): LogCarry;
}

/** A log that begins empty, or where the run before left it. `now` gives workflow time. */
export function createTurnLog(turnId: string, now: () => string, from?: LogCarry): TurnLog {
  const base = from?.base ?? { seq: 0, chain: GENESIS };
  // The log's own: it is changed in place, so that an event costs the same however many there are.
  const state: TurnState = from
    ? { ...from.state, calls: { ...from.state.calls }, order: [...from.state.order] }
    : initialTurnState();
  let open = openCallIds(state);
  const events: TurnEvent[] = [];
  const sizes: number[] = [];
  const chains: string[] = [];
  let acknowledged = base.seq;
  let scheduled = base.seq;

  const chainAt = (seq: number) => (seq === base.seq ? base.chain : chains[seq - base.seq - 1]);
  const position = (): LogCursor => ({ seq: state.seq, chain: chainAt(state.seq) ?? base.chain });

  /** The end of the longest range from `first` on that takes so many bytes, and of one event at least. */
  const fitting = (first: number, bytes: number) => {
    let size = 0;
    let last = first;
    while (last < events.length && (last === first || size + (sizes[last] ?? 0) <= bytes)) {
      size += sizes[last] ?? 0;
      last += 1;
    }
    return last;
  };

  const noteOpen = (callId: string) => {
    const call = state.calls[callId];
    if (!call || !isOpen(call)) open.delete(callId);
    else if (callId === state.order.at(-1)) open.add(callId);
    // A call that had ended is open again, which no turn of ours brings about: in its place, as a log that begins here has it.
    else if (!open.has(callId)) open = openCallIds(state);
  };

  return {
    append(fact) {
      const { type, ...rest } = fact;
      const event = { seq: state.seq + 1, type, at: now(), turnId, ...rest } as TurnEvent;
      const json = JSON.stringify(event);
      const chain = link(chainAt(state.seq) ?? base.chain, json);
      advance(state, event);
      if ('callId' in event) noteOpen(event.callId);
      events.push(event);
      sizes.push(bytesOf(json));
      chains.push(chain);
      return event;
    },
    state: () => state,
    openCalls: () => [...open].flatMap((callId) => state.calls[callId] ?? []),
    position,
    since(reader) {
      const reset = reader.seq >= base.seq && chainAt(reader.seq) !== reader.chain;
      const first = reset ? 0 : Math.max(reader.seq - base.seq, 0);
      const last = fitting(first, PAGE_BYTES);
      const seq = base.seq + last;
      return {
        events: events.slice(first, last),
        position: { seq, chain: chainAt(seq) ?? base.chain },
        reset,
        base: base.seq,
        more: last < events.length,
      };
    },
    unacknowledged(bytes = Number.POSITIVE_INFINITY) {
      const first = acknowledged - base.seq;
      return events.slice(first, fitting(first, bytes));
    },
    unacknowledgedBytes: () => sizes.slice(acknowledged - base.seq).reduce((sum, size) => sum + size, 0),
    acknowledge(seq) {
      acknowledged = Math.max(acknowledged, seq);
    },
    schedule(seq) {
      scheduled = Math.max(scheduled, seq);
    },
    unscheduled: () => events.slice(scheduled - base.seq),
    carry: () => ({ base: position(), state: carriedState(state, MAX_CARRIED_STATE_BYTES) }),
  };
}

/** Ids of the calls that have no result yet, in request order. */
function openCallIds(state: TurnState): Set<string> {
  const calls = callsOf(state).filter(isOpen);
  return new Set(calls.map(({ callId }) => callId));
}
