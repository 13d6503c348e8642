import { type Client, isGrpcServiceError } from '@temporalio/client';
import type { BuildStatus, TurnBuild } from '../contract/index.ts';
import { TURN_WORKFLOW } from './names.ts';
import { EngineUnavailable } from './turn/turn-gateway.ts';

/** Which versions of the workflow code there are, and which of them takes new turns. */
export interface Deployments {
  /** Every build that the engine knows, the current one first, with how many turns are still on it. */
  builds(): Promise<TurnBuild[]>;
  /** Makes a build the current one: new turns go to it, and parked ones that are not pinned move to it. */
  promote(buildId: string): Promise<void>;
  /** Makes the build current that was current before; returns it. Throws where there was none. */
  rollBack(): Promise<string>;
  /** Makes the first build of a new installation the current one; without one no worker would get a task. */
  promoteFirst(buildId: string): Promise<void>;
  /** The build that takes new turns; undefined where turns are kept to none. */
  current(): Promise<string | undefined>;
  /** Keeps turns to no build any more: workers without versioning take them, but for those that are pinned. */
  leave(): Promise<void>;
}

type Described = Awaited<ReturnType<Client['workflowService']['describeWorkerDeployment']>>;
type Summary = NonNullable<NonNullable<Described['workerDeploymentInfo']>['versionSummaries']>[number];

/** How long a look may take, in milliseconds. */
const ENGINE_WAIT_MS = 5_000;
/** Of a version, as the engine counts them. */
const DRAINED = 2;
const NOT_FOUND = 5;
/** Somebody else changed the deployment in between, or it is so already. */
const FAILED_PRECONDITION = 9;

/** The worker deployment of that name, over the engine's own API. */
export function createDeployments(client: Client, deploymentName: string): Deployments {
  const { namespace } = client.options;
  const describe = async (): Promise<Described | undefined> => {
    try {
      return await client.workflowService.describeWorkerDeployment({ namespace, deploymentName });
    } catch (error) {
      if (isGrpcServiceError(error) && error.code === NOT_FOUND) return undefined;
      throw error;
    }
  };
  const setCurrent = async (buildId: string, conflictToken?: Uint8Array | null) => {
    await client.workflowService.setWorkerDeploymentCurrentVersion({
      namespace,
      deploymentName,
      buildId,
      identity: 'longturn',
      // A build that renames a queue leaves the old one behind on purpose.
      ignoreMissingTaskQueues: true,
      ...(conflictToken && { conflictToken }),
    });
  };
  const turnsOn = async (buildId: string) => {
    const on = `TemporalWorkerDeploymentVersion = '${deploymentName}:${buildId}'`;
    const query = `WorkflowType = '${TURN_WORKFLOW}' AND ExecutionStatus = 'Running' AND ${on}`;
    return (await client.workflow.count(query)).count;
  };

  const readBuilds = async (): Promise<TurnBuild[]> => {
    const { workerDeploymentInfo: info } = (await describe()) ?? {};
    const current = currentOf(info);
    const builds = await Promise.all(
      (info?.versionSummaries ?? []).map(async (summary) => {
        const buildId = summary.deploymentVersion?.buildId ?? '';
        // What the engine calls drained has no open turns, so old builds are not asked about.
        const isDrained = summary.drainageStatus === DRAINED && buildId !== current;
        const openTurns = isDrained ? 0 : await turnsOn(buildId);
        return { buildId, status: statusOf(buildId === current, summary, openTurns), openTurns };
      }),
    );
    return builds.sort((a, b) => Number(b.status === 'current') - Number(a.status === 'current'));
  };

  return {
    async builds() {
      try {
        return await client.withDeadline(Date.now() + ENGINE_WAIT_MS, readBuilds);
      } catch (error) {
        throw new EngineUnavailable('The engine does not answer.', { cause: error });
      }
    },
    promote: (buildId) => setCurrent(buildId),
    current: async () => currentOf((await describe())?.workerDeploymentInfo),
    // No build is what the engine takes for workers without versioning.
    leave: () => setCurrent(''),
    async rollBack() {
      const { workerDeploymentInfo: info, conflictToken } = (await describe()) ?? {};
      const current = currentOf(info);
      const [before] = (info?.versionSummaries ?? [])
        .filter(({ deploymentVersion, lastDeactivationTime }) => {
          return lastDeactivationTime && deploymentVersion?.buildId !== current;
        })
        .sort((a, b) => secondsOf(b.lastDeactivationTime) - secondsOf(a.lastDeactivationTime));
      const buildId = before?.deploymentVersion?.buildId;
      if (!buildId) throw new Error(`No build of "${deploymentName}" was current before "${current}".`);
      await setCurrent(buildId, conflictToken);
      return buildId;
    },
    async promoteFirst(buildId) {
      const described = await describe();
      if (!described || currentOf(described.workerDeploymentInfo)) return;
      await setCurrent(buildId, described.conflictToken).catch((error) => {
        // Another worker was first.
        if (!isGrpcServiceError(error) || error.code !== FAILED_PRECONDITION) throw error;
      });
    },
  };
}

function currentOf(info: Described['workerDeploymentInfo']): string | undefined {
  return info?.routingConfig?.currentDeploymentVersion?.buildId || undefined;
}

/** Our own count decides whether a build is drained: the engine's status is minutes behind. */
function statusOf(isCurrent: boolean, { firstActivationTime }: Summary, openTurns: number): BuildStatus {
  if (isCurrent) return 'current';
  if (openTurns > 0) return 'draining';
  return firstActivationTime ? 'drained' : 'inactive';
}

function secondsOf(time: Summary['lastDeactivationTime']): number {
  return Number(time?.seconds ?? 0) + (time?.nanos ?? 0) / 1e9;
}
