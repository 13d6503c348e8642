import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { bundleWorkflowCode, DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { FAILURE_CONVERTER_FILE, PAYLOAD_CONVERTER_FILE } from '../../src/temporal/data-converter.ts';
import { type Recorded, replayAll } from '../support/replay-all.ts';

const HISTORIES = resolve('test/replay/histories');
const files = readdirSync(HISTORIES, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .map((name) => join(HISTORIES, name))
  .sort();

const silent = new DefaultLogger('ERROR', () => {});

async function bundled(workflowsPath: string): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: resolve(workflowsPath),
    payloadConverterPath: PAYLOAD_CONVERTER_FILE,
    failureConverterPath: FAILURE_CONVERTER_FILE,
    logger: silent,
  });
  return code;
}

function recorded(file: string): Recorded {
  const history = historyFromJSON(JSON.parse(readFileSync(file, 'utf8')));
  return { name: file, workflowId: workflowIdOf(file), history };
}

/** The id that the workflow had: it is not in every history. */
function workflowIdOf(file: string): string {
  const [, id = 'turn:recorded'] =
    /"workflowId": ?"((?:turn|auth|auth-flow):[^"]+)"/.exec(readFileSync(file, 'utf8')) ?? [];
  return id;
}

beforeAll(() => {
  const logging = { filter: makeTelemetryFilterString({ core: 'ERROR' }), forward: {} };
  Runtime.install({ logger: silent, telemetryOptions: { logging } });
});

describe('the workflows', () => {
  let outcomes: Awaited<ReturnType<typeof replayAll>>;
  beforeAll(async () => {
    const code = await bundled('src/workflows/index.ts');
    outcomes = await replayAll({ workflowBundle: { code } }, files.map(recorded));
  });

  it('have recorded histories', () => {
    expect(files.length).toBeGreaterThanOrEqual(8);
  });

  it.each(files.map((file) => [relative(HISTORIES, file), file]))('replay %s', (_name, file) => {
    expect(outcomes.get(file)).toBe('replayed');
  });
});

describe('workflows that were changed', () => {
  it('do not replay, and are told so', async () => {
    const code = await bundled('test/replay/wrong/workflows.ts');
    const [file = ''] = files;
    const outcomes = await replayAll({ workflowBundle: { code } }, [recorded(file)]);
    expect(outcomes.get(file)).toBeInstanceOf(DeterminismViolationError);
  });
});

describe('a recorded history', () => {
  it.each(files.map((file) => [relative(HISTORIES, file), file]))(
    '%s tells nothing of the machine',
    (_name, file) => {
      const text = readFileSync(file, 'utf8');
      expect(
        [...text.matchAll(/"identity": ?"([^"]*)"/g)].every(([, identity]) => identity === 'worker'),
      ).toBe(true);
      for (const payload of [text, ...payloadsOf(text)]) {
        expect(payload).not.toMatch(/\/(home|root|Users|work|tmp)\//);
        expect(payload).not.toMatch(/[0-9]+@[a-z]/i);
      }
    },
  );
});

function payloadsOf(text: string): string[] {
  return [...text.matchAll(/"data": ?"([A-Za-z0-9+/=]+)"/g)].map(([, data = '']) =>
    Buffer.from(data, 'base64').toString(),
  );
}
