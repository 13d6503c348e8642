import type { StepFacts, TimelineEvent, TimelineType } from '../../../contract/index.ts';
import type { OffsetPage, OffsetQuery } from '../offset-page.ts';

export interface TimelineStore {
  /** Newest first. */
  list(
    connectionId: string,
    query: OffsetQuery & { type?: TimelineType },
  ): Promise<OffsetPage<TimelineEvent>>;
  /** What was seen and done in logins, by flow, in order; a login without steps is absent. */
  steps(flowIds: readonly string[]): Promise<Map<string, StepFacts[]>>;
}
