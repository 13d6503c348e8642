/** What the baseline is asked to do. */
export interface BareLoad {
  kind: 'plain' | 'approval';
  count: number;
  inFlight: number;
}

/** One latency for each turn, in milliseconds. */
export interface BareAnswer {
  latenciesMs: number[];
}

/** First message of the baseline's process. */
export interface BareReady {
  enginePid: number;
}
