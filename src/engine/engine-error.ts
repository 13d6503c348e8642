import { types } from 'node:util';

/** What kept the engine from starting. */
export type EngineFailure =
  | 'binary_missing'
  | 'binary_unusable'
  | 'data_folder_unusable'
  | 'data_folder_in_use'
  | 'database_damaged'
  | 'settings_wrong'
  | 'port_unusable'
  /** Another program took a port between our look and the server's start. */
  | 'port_lost'
  | 'leftover_will_not_end'
  | 'engine_failed';

/** The engine cannot be had; the message says what, where, and how to mend it. Callers print it and exit 1. */
export class EngineError extends Error {
  override name = 'EngineError';
  readonly failure: EngineFailure;

  constructor(failure: EngineFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

/** The text of whatever was thrown. */
export function reasonOf(thrown: unknown): string {
  return types.isNativeError(thrown) ? thrown.message : String(thrown);
}

/** The `code` of a system error (`ENOENT`, …), if it has one. */
export function codeOf(thrown: unknown): string | undefined {
  return types.isNativeError(thrown) && 'code' in thrown ? String(thrown.code) : undefined;
}
