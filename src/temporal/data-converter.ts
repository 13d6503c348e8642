import path from 'node:path';
import type { DataConverter } from '@temporalio/common';
import type { Keyring } from '../secrets/keyring.ts';
import { createPayloadCodec } from './payload-codec.ts';

/** The module of the failure converter: client, worker and workflow bundle load it by path. */
export const FAILURE_CONVERTER_FILE = path.resolve(import.meta.dirname, '../workflows/failure-converter.ts');

/** The module of the payload converter, loaded likewise. */
export const PAYLOAD_CONVERTER_FILE = path.resolve(import.meta.dirname, '../workflows/payload-converter.ts');

/** How client and worker write what goes to the engine; without a keyring nothing is encrypted. */
export function createDataConverter(keyring?: Keyring): DataConverter {
  return {
    payloadConverterPath: PAYLOAD_CONVERTER_FILE,
    failureConverterPath: FAILURE_CONVERTER_FILE,
    payloadCodecs: keyring ? [createPayloadCodec(keyring)] : [],
  };
}
