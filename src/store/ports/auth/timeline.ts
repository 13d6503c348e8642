import type { TimelineEvent, TimelineType } from '../../../contract/index.ts';
import type { OffsetPage, OffsetQuery } from '../offset-page.ts';

export interface TimelineStore {
  /** Newest first. */
  list(
    connectionId: string,
    query: OffsetQuery & { type?: TimelineType },
  ): Promise<OffsetPage<TimelineEvent>>;
}
