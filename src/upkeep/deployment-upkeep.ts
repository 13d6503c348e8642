import type { Logger } from 'pino';
import type { TurnBuild } from '../contract/index.ts';
import type { Deployments } from '../temporal/deployments.ts';
import { repeat } from './repeat.ts';

export interface DeploymentUpkeepDeps {
  deployments: Deployments;
  /** Of this worker. */
  buildId: string;
  metrics: { setBuilds(builds: readonly TurnBuild[]): void };
  log: Logger;
}

const LOOK_EVERY_MS = 15_000;
/** The engine knows a build once its worker has polled. */
const FIRST_EVERY_MS = 1_000;

/** Makes the first build of an installation the current one, and measures how many turns are on which build. */
export function startDeploymentUpkeep({
  deployments,
  buildId,
  metrics,
  log,
}: DeploymentUpkeepDeps): AsyncDisposable {
  let settled = false;
  const first = repeat('make the first build current', FIRST_EVERY_MS, log, async () => {
    if (settled) return;
    await deployments.promoteFirst(buildId);
    settled = (await deployments.builds()).some(({ status }) => status === 'current');
  });
  const look = repeat('count turns by build', LOOK_EVERY_MS, log, async () =>
    metrics.setBuilds(await deployments.builds()),
  );
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all([first(), look()]);
    },
  };
}
