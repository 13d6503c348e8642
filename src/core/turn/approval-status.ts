import type { Approval, ResolvedAction } from '../../contract/index.ts';

const STATUS: Record<ResolvedAction, Approval['status']> = {
  allow: 'allowed',
  always: 'allowed',
  granted: 'allowed',
  policy: 'allowed',
  deny: 'denied',
  respond: 'answered',
  expired: 'expired',
};

/** The status of an approval that was resolved so. */
export function approvalStatus(action: ResolvedAction): Approval['status'] {
  return STATUS[action];
}
