import type { CallSnapshot, PendingCall, TurnSnapshot } from '../../contract/index.ts';
import { jsonBytes, MAX_CARRIED_TEXT, MAX_SNAPSHOT_BYTES } from './sizes.ts';
import type { Turn } from './turn.ts';
import { snapshotOf } from './turn-snapshot.ts';

/**
 * The answer to the query `snapshot`. Calls that had their result before this workflow run are not in it. Where it would be
 * larger than the engine takes, the text is cut, long inputs are `{}` (their digests stay), and calls that have their
 * result are left out, the oldest first. The archive has all of it.
 */
export function liveSnapshot(turn: Turn): TurnSnapshot {
  return boundedSnapshot(snapshotOf(turn, turn.log.state(), turn.memory.usage), MAX_SNAPSHOT_BYTES);
}

/** A snapshot of about so many bytes of JSON at most. */
function boundedSnapshot(snapshot: TurnSnapshot, bytes: number): TurnSnapshot {
  if (jsonBytes(snapshot) <= bytes) return snapshot;
  const third = Math.floor(bytes / 3);
  return {
    ...snapshot,
    text: snapshot.text.slice(0, MAX_CARRIED_TEXT),
    ...(snapshot.output !== undefined && { output: snapshot.output.slice(0, MAX_CARRIED_TEXT) }),
    pending: withinBytes(snapshot.pending, third),
    calls: newestCalls(snapshot.calls, third),
  };
}

function withinBytes(pending: PendingCall[], bytes: number): PendingCall[] {
  let left = bytes;
  return pending.map((call) => {
    left -= jsonBytes(call.input);
    return left >= 0 ? call : { ...call, input: {} };
  });
}

function newestCalls(calls: CallSnapshot[], bytes: number): CallSnapshot[] {
  let left = bytes;
  const kept = calls.toReversed().flatMap((call): CallSnapshot[] => {
    left -= jsonBytes(call);
    if (left >= 0) return [call];
    return call.status === 'completed' || call.status === 'failed' ? [] : [{ ...call, input: {} }];
  });
  return kept.reverse();
}
