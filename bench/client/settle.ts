/** A person takes longer than this to decide: a turn that waits has written down by then that it does, in milliseconds. */
export const SETTLE_MS = 100;
