import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { bundleWorkflowCode, DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { type CodecPayload, createCodecEndpoint } from '../../src/temporal/codec-endpoint.ts';
import {
  createDataConverter,
  FAILURE_CONVERTER_FILE,
  PAYLOAD_CONVERTER_FILE,
} from '../../src/temporal/data-converter.ts';
import { createPayloadCodec } from '../../src/temporal/payload-codec.ts';
import { mapPayloads, readableHistory } from '../../src/temporal/readable-history.ts';
import { newKeyring } from '../support/encryption.ts';
import { replayAll } from '../support/replay-all.ts';

const HISTORIES = resolve('test/replay/histories');
const files = readdirSync(HISTORIES, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .sort();
const silent = new DefaultLogger('ERROR', () => {});
const keyring = newKeyring('k2', 'k1');

interface HistoryJson {
  events: { markerRecordedEventAttributes?: { details: Record<string, unknown> } }[];
}

/** A recorded history as the engine would have it with encryption. */
async function encrypted(file: string): Promise<{ plain: HistoryJson; sealed: HistoryJson }> {
  const plain: HistoryJson = JSON.parse(readFileSync(join(HISTORIES, file), 'utf8'));
  const { encode } = createCodecEndpoint(createPayloadCodec(keyring));
  const change = async (payload: CodecPayload) => (await encode({ payloads: [payload] })).payloads[0];
  const sealed = (await mapPayloads(plain, change)) as HistoryJson;
  // Ids and times of a local activity: written by the SDK's core, behind the codec.
  for (const [index, event] of sealed.events.entries()) {
    const details = plain.events[index]?.markerRecordedEventAttributes?.details;
    if (details) Object.assign(event.markerRecordedEventAttributes?.details ?? {}, { data: details['data'] });
  }
  return { plain, sealed };
}

/** Each as it is, and as it would be with encryption. */
const histories = new Map<string, Awaited<ReturnType<typeof encrypted>>>();

const idOf = (history: unknown) =>
  /"workflowId": ?"(turn:[^"]+)"/.exec(JSON.stringify(history))?.[1] ?? 'turn:recorded';

describe('an encrypted history', () => {
  let code = '';
  beforeAll(async () => {
    for (const file of files) histories.set(file, await encrypted(file));
    const logging = { filter: makeTelemetryFilterString({ core: 'ERROR' }), forward: {} };
    Runtime.install({ logger: silent, telemetryOptions: { logging } });
    ({ code } = await bundleWorkflowCode({
      workflowsPath: resolve('src/workflows/index.ts'),
      payloadConverterPath: PAYLOAD_CONVERTER_FILE,
      failureConverterPath: FAILURE_CONVERTER_FILE,
      logger: silent,
    }));
  });

  const replay = (kind: 'plain' | 'sealed', names: string[], ring: typeof keyring) =>
    replayAll(
      { workflowBundle: { code }, dataConverter: createDataConverter(ring) },
      names.map((name) => {
        const history = histories.get(name)?.[kind];
        return { name, workflowId: idOf(history), history: historyFromJSON(history) };
      }),
    );
  const replayed = (names: string[]) => new Map(names.map((name) => [name, 'replayed']));

  it('replays with its keys', async () => {
    expect(await replay('sealed', files, keyring)).toEqual(replayed(files));
  });

  it('replays with keys where it is not encrypted, as version 0.1 left it', async () => {
    expect(await replay('plain', files, keyring)).toEqual(replayed(files));
  });

  it('does not replay without them, and is told so', async () => {
    const [file = ''] = files;
    const outcome = (await replay('sealed', [file], newKeyring('k3'))).get(file);
    expect(outcome).toMatchObject({ message: expect.stringMatching(/task failure/) });
  });

  it.each(files)('reads as it was recorded: %s', async (file) => {
    const { plain, sealed } = histories.get(file) ?? (await encrypted(file));
    expect(JSON.stringify(sealed)).not.toEqual(JSON.stringify(plain));
    expect(await readableHistory(sealed, createPayloadCodec(keyring))).toEqual(await readableHistory(plain));
  });
});
