import { it } from '@jest/globals';
import { expectRecovered } from '../crash/crash-case.ts';
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
      const row = {
        component: 'a history service',
        phase: phase.name,
        turns: 0,
        outcome: 'not recovered',
        recoveryMs: 0,
      };
      table.add(row);
      const subjects = await phase.reach(stage());
      row.turns = subjects.length;
      const killedMs = performance.now();
      try {
        await ground.temporal.kill9(host);
        await phase.afterwards?.(stage(), subjects);
        row.outcome = await expectRecovered(stage(), subjects, 90_000);
        row.recoveryMs = performance.now() - killedMs;
      } finally {
        for (const { reader } of subjects) reader.close();
        await ground.temporal.start(host);
      }
    },
    150_000,
  );
}
