import { proxySinks, type Sinks } from '@temporalio/workflow';
import type { TurnLog } from '../../core/turn/turn-log.ts';

/** Leaves the workflow for the live feed: a hint that a turn's log has grown. */
export interface FeedSinks extends Sinks {
  feed: { grown(turnId: string, seq: number): void; uncarried(turnId: string): void };
}

const { feed } = proxySinks<FeedSinks>();

/** Hints that the log has grown by events that no scheduled activity carries to the store. */
export function publishUnscheduled(turnId: string): void {
  feed.uncarried(turnId);
}

/** The log, with a hint to the feed for each event. Hints may be lost; what is read is the store, and the query. */
export function watchLog(turnId: string, log: TurnLog): TurnLog {
  return {
    ...log,
    append(fact) {
      const event = log.append(fact);
      feed.grown(turnId, event.seq);
      return event;
    },
  };
}
