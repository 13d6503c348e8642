/** What the process of readers is asked to do. */
export interface ReadersOrder {
  port: number;
  path: string;
  token: string;
  readers: number;
  /** Event type whose latency counts. */
  type: string;
}

/** All readers have their snapshot. */
export interface ReadersOpened {
  openedMs: number;
}

/** What the readers saw. */
export interface ReadersReport {
  /** Frames that arrived, over all readers. */
  deliveries: number;
  /** Frames of the type that counts, as one reader should see them. */
  frames: number;
  /** Frames that some reader should have seen and did not. */
  missing: number;
  /** One latency for each frame and reader, in milliseconds, sorted into percentiles. */
  fromEvent: { p50: number; p99: number };
  fromFirst: { p50: number; p99: number };
}
