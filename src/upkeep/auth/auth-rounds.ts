import type { Round } from '../upkeep.ts';
import type { AuthUpkeep } from './auth-upkeep.ts';

const LOST_EVERY_MS = 15_000;
const WARM_EVERY_MS = 5_000;
const SWEEP_EVERY_MS = 60_000;

/** What managed auth needs beside its workflows, as rounds. */
export function authRounds(auth: AuthUpkeep): Round[] {
  return [
    { name: 'end lost logins', every: LOST_EVERY_MS, run: () => auth.endLostFlows() },
    { name: 'start lost connections', every: SWEEP_EVERY_MS, run: () => auth.startConnections() },
    { name: 'warm up the browser', every: WARM_EVERY_MS, run: () => auth.warmUp() },
  ];
}
