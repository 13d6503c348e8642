import type { Approval, ListApprovalsQuery, Page } from '../../contract/index.ts';

export interface ApprovalStore {
  get(callId: string): Promise<Approval | undefined>;
  /** Oldest request first. */
  list(query: ListApprovalsQuery): Promise<Page<Approval>>;
  ofTurn(turnId: string): Promise<Approval[]>;
}
