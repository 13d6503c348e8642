import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedEngine, loadConfig } from '../../src/config.ts';
import { dynamicConfigFlags } from '../../src/engine/dynamic-config.ts';
import { ensureBinary } from '../../src/engine/find-binary.ts';
import { launchServer } from '../../src/engine/launch.ts';
import { ENGINE_IP, takePorts } from '../../src/engine/ports.ts';

/** A real server that keeps everything in memory; it ends about 1 s after this process, however that ends. */
export interface MemoryEngine {
  /** `127.0.0.1:<port>` */
  address: string;
  stop(): Promise<void>;
}

/** Where a test run finds its server binary: as `npm start` does, but never a server that runs elsewhere. */
export function testEngineConfig(): EmbeddedEngine {
  const {
    TEMPORAL_ADDRESS: _address,
    TEMPORAL_PROFILE: _profile,
    TEMPORAL_CONFIG_FILE: _file,
    ...env
  } = process.env;
  const { engine } = loadConfig({ ...env, TEMPORAL_NAMESPACE: 'default' }, tmpdir());
  if (engine.kind === 'external') throw new Error('unreachable: no external engine is configured');
  return engine;
}

/** Starts an in-memory server with the settings of `engine/dynamic-config.yaml` on a free port. */
export async function startMemoryEngine(): Promise<MemoryEngine> {
  const binary = await ensureBinary(testEngineConfig(), (line) => process.stderr.write(`${line}\n`));
  const [port = 0] = await takePorts([{ variable: 'the test engine', port: 0 }]);
  const folder = mkdtempSync(join(tmpdir(), 'longturn-test-engine-'));
  const server = await launchServer({
    binary: binary.path,
    port,
    namespace: 'default',
    settings: dynamicConfigFlags(),
    logFile: join(folder, 'engine.log'),
  });
  return {
    address: `${ENGINE_IP}:${port}`,
    stop: async () => {
      // Nothing of it is kept: no need for its own orderly end.
      server.kill('SIGKILL');
      await server.exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
