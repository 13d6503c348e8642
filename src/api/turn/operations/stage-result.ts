import type { Store } from '../../../store/store.ts';
import type { CutMessage, Sent } from '../../../temporal/turn/cut-content.ts';

/** Which call a result is handed in for, and when. */
export interface Place {
  turnId: string;
  callId: string;
  at: string;
}

/**
 * Stores the result of a message where it does not travel whole, and returns what is sent. It is stored by its digest:
 * another result of the same call, which the turn may refuse, stands beside it and never in its place.
 */
export async function staged<B>(
  { ledger }: Store,
  place: Place,
  { sent, stored }: CutMessage<B>,
): Promise<Sent<B>> {
  if (stored) await ledger.stage({ ...place, ...stored });
  return sent;
}
