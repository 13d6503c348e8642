import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { bundleWorkflowCode, type NativeConnection, Worker } from '@temporalio/worker';
import { createLogger } from '../../src/logger.ts';
import { connectClient, connectWorker, localEngine } from '../../src/temporal/connect.ts';
import { installRuntime } from '../../src/temporal/create-worker.ts';
import {
  createDataConverter,
  FAILURE_CONVERTER_FILE,
  PAYLOAD_CONVERTER_FILE,
} from '../../src/temporal/data-converter.ts';
import { steerUpdate, toolDecisionSignal, toolDecisionUpdate } from '../../src/workflows/turn/messages.ts';
import { aDecision, BY } from '../support/builders.ts';

const TASK_QUEUE = `broken-${process.pid}`;
const steer = { messageId: 'msg_steer', by: BY, message: 'go on' };

let client: Client;
let connection: NativeConnection;
let worker: Worker;
let polling: Promise<void>;

beforeAll(async () => {
  const engine = localEngine(process.env['LONGTURN_TEST_ENGINE'] ?? '', 'default');
  const logger = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };
  installRuntime(createLogger({ level: 'silent' }));
  client = await connectClient(engine);
  connection = await connectWorker(engine);
  worker = await Worker.create({
    connection,
    namespace: 'default',
    taskQueue: TASK_QUEUE,
    dataConverter: createDataConverter(),
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: resolve('test/workflow/broken/workflows.ts'),
      payloadConverterPath: PAYLOAD_CONVERTER_FILE,
      failureConverterPath: FAILURE_CONVERTER_FILE,
      logger,
    }),
  });
  polling = worker.run();
});

afterAll(async () => {
  worker.shutdown();
  await polling;
  await connection.close();
  await client.connection.close();
});

/** A turn whose log breaks at the n-th event that messages append. */
function start(breaksAt: number): Promise<WorkflowHandle> {
  return client.workflow.start('breakingTurn', {
    workflowId: `broken-${process.pid}-${breaksAt}-${Math.random()}`,
    taskQueue: TASK_QUEUE,
    args: [{ breaksAt }],
  });
}

describe('a handler that breaks before anything has changed', () => {
  it('refuses the Update, whose sender is told; the turn goes on and takes the next message', async () => {
    const turn = await start(1);
    await expect(
      turn.executeUpdate(toolDecisionUpdate, { args: [aDecision({ action: 'allow' })] }),
    ).rejects.toMatchObject({ cause: { type: 'internal_error' } });
    await turn.executeUpdate(steerUpdate, { args: [steer] });
    await expect(turn.result()).resolves.toBeUndefined();
  });

  it('drops the signal; the turn goes on', async () => {
    const turn = await start(1);
    await turn.signal(toolDecisionSignal, aDecision({ action: 'allow' }));
    await turn.executeUpdate(steerUpdate, { args: [steer] });
    await expect(turn.result()).resolves.toBeUndefined();
  });
});

describe('a handler that breaks halfway', () => {
  it('ends the turn as failed: nobody knows what it would do next', async () => {
    const turn = await start(2);
    await turn.signal(toolDecisionSignal, aDecision({ action: 'allow' }));
    await expect(turn.result()).resolves.toBe('fault');
  });
});
