import type { OffsetPage, OffsetQuery } from '../offset-page.ts';
import type { Sealed } from '../sealed.ts';

/** The page that a connection's login has read last, sealed. */
export interface KeptReading {
  connectionId: string;
  flowId: string;
  takenAt: string;
  expiresAt: string;
  sealed: Sealed;
}

/** A reading that somebody has asked to keep. `about`: JSON of what a list shows of it beside the rest. */
export interface ReportRecord extends KeptReading {
  id: string;
  createdAt: string;
  /** Of the unsealed reading, in bytes. */
  size: number;
  about: string;
}

export interface ReportStore {
  /** Keeps the newest reading of a connection; replaces the one before. */
  putReading(reading: KeptReading): Promise<void>;
  /** The reading of a connection, unless it has expired. */
  reading(connectionId: string, at: string): Promise<KeptReading | undefined>;
  /** Keeps a report, and of the connection's others the newest only: `most` in all. */
  add(report: ReportRecord, most: number): Promise<void>;
  /** Newest first, without what is sealed. */
  list(connectionId: string, query: OffsetQuery): Promise<OffsetPage<Omit<ReportRecord, 'sealed'>>>;
  get(connectionId: string, id: string): Promise<ReportRecord | undefined>;
  delete(connectionId: string, id: string): Promise<boolean>;
}
