import { it } from '@jest/globals';
import { strikeIn } from '../crash/crash-case.ts';
import { PHASES } from '../crash/phases.ts';
import type { TemporalProcess } from '../support/cluster/temporal-cluster.ts';
import type { ClusterStage } from './stage.ts';

const HOSTS: TemporalProcess[] = ['history1', 'history2'];
const CASES = PHASES.map((phase, index) => ({
  name: phase.name,
  phase,
  host: HOSTS[index % HOSTS.length] as TemporalProcess,
}));

/** The crash suite's moments, with one of the two history hosts killed; it stays away until the turns have ended. */
export function describeHistoryKills(stage: () => ClusterStage): void {
  it.each(CASES)(
    '$name: the other host takes over, every turn reaches its end, nothing is done twice',
    async ({ phase, host }) => {
      const { ground, table } = stage();
      await strikeIn(phase, stage(), table, {
        component: 'a history service',
        strike: () => ground.temporal.kill9(host),
        restore: () => ground.temporal.start(host),
        endsWithinMs: 90_000,
      });
    },
    150_000,
  );
}
