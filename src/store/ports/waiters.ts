import type { WaitKey } from '../../core/turn/wait-key.ts';

/** A turn's tool call that waits for something to happen. */
export interface Waiter extends WaitKey {
  turnId: string;
  callId: string;
}

export interface WaiterStore {
  /** Once for each key and call. Whether what the key names exists is for the caller to look at, afterwards. */
  add(waiter: Waiter): Promise<void>;
  /** The call waits for nothing any more. */
  remove(callId: string): Promise<void>;
  /** The calls that wait for it, by id. */
  of(key: WaitKey): Promise<Waiter[]>;
}
