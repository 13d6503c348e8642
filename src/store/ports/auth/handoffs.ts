/** Where the person who opens a login is sent when it has ended. */
export interface ReturnTo {
  url: string;
  /** What whoever began the login wants to read in the address. */
  state?: string;
}

/** A one-time code for a flow; only its hash is kept. */
export interface HandoffRecord {
  codeHash: string;
  connectionId: string;
  flowId: string;
  expiresAt: string;
  exchangedAt?: string;
  /** The session JWT made of it was used. */
  usedAt?: string;
  returnTo?: ReturnTo;
}

export interface HandoffStore {
  create(handoff: {
    codeHash: string;
    connectionId: string;
    flowId: string;
    expiresAt: string;
    returnTo?: ReturnTo;
  }): Promise<void>;
  get(codeHash: string): Promise<HandoffRecord | undefined>;
  /** Sets `exchangedAt` once, by compare-and-set; returns the record in force and whether this call set it. */
  exchange(codeHash: string, at: string): Promise<{ first: boolean; handoff: HandoffRecord } | undefined>;
  /** The JWT made of this code was used for the first time. */
  used(codeHash: string, at: string): Promise<void>;
}
