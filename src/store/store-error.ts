import type { TurnEvent } from '../contract/index.ts';

/**
 * `damaged`: the database cannot be read. `unavailable`: it does not answer, is full or may not be written.
 * `busy`: others held it for too long. `newer`: a newer Longturn made it. `conflict`: what was asked contradicts
 * what is stored, and would do so again.
 */
export type StoreFault = 'damaged' | 'unavailable' | 'busy' | 'newer' | 'conflict';

/** The store cannot do what was asked; the message says what, where, and how to mend it. */
export class StoreError extends Error {
  override name = 'StoreError';
  readonly fault: StoreFault;

  constructor(fault: StoreFault, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.fault = fault;
  }
}

/** Events that cannot be appended: the store lacks those before them. */
export class EventsBehind extends StoreError {
  override name = 'EventsBehind';
  constructor(message: string) {
    super('conflict', message);
  }
}

/** Events that cannot be appended: the store has others of the same numbers, of which `found` is the first. */
export class EventsDiverge extends StoreError {
  override name = 'EventsDiverge';
  readonly found: TurnEvent;
  constructor(turnId: string, found: TurnEvent) {
    super(
      'conflict',
      `Turn "${turnId}" has another event ${found.seq} than the one that was to be appended.`,
    );
    this.found = found;
  }
}

/** A turn that the store was told about but does not have. */
export function unknownTurn(id: string): StoreError {
  return new StoreError('conflict', `The store has no turn "${id}"; admit it first.`);
}
