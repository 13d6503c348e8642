import type { Sealed } from '../sealed.ts';

/** A submitted value: bound to one flow and one interaction, gone when used. */
export interface SecretRecord {
  id: string;
  flowId: string;
  interactionId: string;
  sealed: Sealed;
  expiresAt: string;
}

export interface SecretStore {
  put(secrets: SecretRecord[]): Promise<void>;
  /** Those of the ids that belong to the flow and have not expired. */
  get(flowId: string, ids: string[], at: string): Promise<SecretRecord[]>;
  delete(flowId: string, ids: string[]): Promise<void>;
  /** All of a flow, its parked page and its picture with them. */
  deleteFlow(flowId: string): Promise<void>;
  /** Keeps what a flow's browser was put away with; replaces an older one. */
  putParked(parked: { flowId: string; sealed: Sealed; expiresAt: string }): Promise<void>;
  getParked(flowId: string): Promise<Sealed | undefined>;
}
