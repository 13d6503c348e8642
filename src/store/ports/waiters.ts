/** A turn's tool call that waits for a connection to be logged in. */
export interface AuthWaiter {
  connectionId: string;
  turnId: string;
  callId: string;
}

export interface AuthWaiterStore {
  add(waiter: AuthWaiter): Promise<void>;
  remove(callId: string): Promise<void>;
  of(connectionId: string): Promise<AuthWaiter[]>;
}
