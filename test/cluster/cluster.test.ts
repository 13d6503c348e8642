import { afterAll, beforeAll, describe } from '@jest/globals';
import { describeDatabaseFaults } from './database-faults.ts';
import { describeEngineRestore } from './engine-restore.ts';
import { describeHistoryKills } from './history-kills.ts';
import { describeRollingDeploy } from './rolling-deploy.ts';
import { type ClusterStage, startStage } from './stage.ts';
import { describeStories } from './stories.ts';

/** The server may have to be built first. */
const START_TIMEOUT_MS = 20 * 60_000;

// The one configuration is docker-compose.yml: two APIs, two workers, a Temporal server with its history service on two
// hosts, 4 shards, PostgreSQL. All tests share one cluster, which they leave whole.
let stage: ClusterStage | undefined;
const onStage = () => {
  if (!stage) throw new Error('The stage is not set.');
  return stage;
};
beforeAll(async () => {
  stage = await startStage();
}, START_TIMEOUT_MS);
afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
}, 60_000);

describe('a cluster', () => {
  describe('tells the stories of a turn', () => describeStories(onStage));
  describe('survives kill -9 of a history service', () => describeHistoryKills(onStage));
  describe('is deployed anew', () => describeRollingDeploy(onStage));
  describe('survives its databases', () => describeDatabaseFaults(onStage));
  describe("survives a restore of the Temporal server's database", () => describeEngineRestore(onStage));
});
