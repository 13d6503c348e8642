import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import type { Config } from '../config.ts';
import { createDataConverter } from './data-converter.ts';
import { answersOnly, sealMessages } from './seal-messages.ts';

/** Where the engine is and how to speak to it. */
export interface EngineAddress {
  address: string;
  namespace: string;
  /** TLS, API key and headers of a profile. */
  options: ConnectionOptions & NativeConnectionOptions;
}

/** Address of an engine that runs on this machine. */
export function localEngine(address: string, namespace: string): EngineAddress {
  return { address, namespace, options: {} };
}

/** Address of an engine that somebody else runs, as the usual `TEMPORAL_*` variables and profiles say. */
export function externalEngine(config: Extract<Config['engine'], { kind: 'external' }>): EngineAddress {
  const loaded = loadClientConnectConfig({
    overrideEnvVars: { ...config.env },
    ...(config.profile && { profile: config.profile }),
    ...(config.configFile && { configSource: { path: config.configFile } }),
  });
  const { address = 'localhost:7233', ...options } = loaded.connectionOptions;
  return { address, namespace: loaded.namespace ?? 'default', options };
}

/** Largest answer of the engine that a client takes, in bytes: a page of history may hold many long inputs. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** A client that the API and activities use; closed by its owner. Without a converter nothing is encrypted. */
export async function connectClient(
  { address, namespace, options }: EngineAddress,
  dataConverter: DataConverter = createDataConverter(),
): Promise<Client> {
  // Lazy: an engine that is away for a moment is a 503, not a crash.
  const connection = Connection.lazy({
    ...options,
    address,
    channelArgs: { 'grpc.max_receive_message_length': MAX_ANSWER_BYTES, ...options.channelArgs },
  });
  const { payloadCodecs = [] } = dataConverter;
  if (payloadCodecs.length === 0) return new Client({ connection, namespace, dataConverter });
  return new Client({
    connection,
    namespace,
    dataConverter: { ...dataConverter, payloadCodecs: payloadCodecs.map(answersOnly) },
    interceptors: { workflow: [sealMessages] },
  });
}

/** A worker's connection; closed by its owner. */
export function connectWorker({ address, options }: EngineAddress): Promise<NativeConnection> {
  return NativeConnection.connect({ ...options, address });
}
