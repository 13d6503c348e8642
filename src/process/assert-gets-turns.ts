import type { Logger } from 'pino';
import type { Deployments } from '../temporal/deployments.ts';
import { StartError } from './start-error.ts';

export interface GetsTurnsDeps {
  deployments: Pick<Deployments, 'current' | 'leave'>;
  /** Whether there is no other worker, so that builds are of no use. */
  alone: boolean;
  log: Logger;
}

/**
 * Makes sure that a worker without versioning gets turns: the engine gives it nothing while they are kept to a build. Where it
 * is alone, they are kept to none from here on; elsewhere it does not start. Throws {@link StartError}.
 */
export async function assertGetsTurns({ deployments, alone, log }: GetsTurnsDeps): Promise<void> {
  const build = await deployments.current().catch((error) => {
    log.warn({ err: error }, 'the engine does not say whether turns are kept to a build');
    return undefined;
  });
  if (build === undefined) return;
  if (!alone) {
    throw new StartError(
      `Turns are kept to builds of the workflow code (${build} is current), so that a worker without versioning gets none. Set LONGTURN_WORKER_VERSIONING=on, or run: npm run deployment -- off`,
    );
  }
  await deployments.leave();
  log.info({ build }, 'turns are no longer kept to builds, since LONGTURN_WORKER_VERSIONING is off');
}
