import { StoreError } from '../store-error.ts';

/** A profile that the store was told about but does not have. */
export function unknownProfile(id: string): StoreError {
  return new StoreError('conflict', `The store has no profile "${id}": it was never made, or is deleted.`);
}

/** A connection that the store was told about but does not have. */
export function unknownConnection(id: string): StoreError {
  return new StoreError('conflict', `The store has no connection "${id}": it was never made, or is deleted.`);
}

/** A flow that the store was told about but does not have. */
export function unknownFlow(id: string): StoreError {
  return new StoreError(
    'conflict',
    `The store has no flow "${id}": put its first view before anything else of it; the flow of a deleted ` +
      'connection is deleted too.',
  );
}
