import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dynamicConfigFlags } from '../../src/engine/dynamic-config.ts';
import { ensureBinary } from '../../src/engine/find-binary.ts';
import { launchServer } from '../../src/engine/launch.ts';
import { ENGINE_IP, takePorts } from '../../src/engine/ports.ts';
import { testEngineConfig } from './memory-engine.ts';

/** A server of its own that suggests continue-as-new after so many history events. */
export async function startShortHistoryEngine(
  events: number,
): Promise<{ address: string } & AsyncDisposable> {
  const binary = await ensureBinary(testEngineConfig(), (line) => process.stderr.write(`${line}\n`));
  const [port = 0] = await takePorts([{ variable: 'the short-history engine', port: 0 }]);
  const folder = mkdtempSync(join(tmpdir(), 'longturn-short-history-'));
  const server = await launchServer({
    binary: binary.path,
    port,
    namespace: 'default',
    settings: [
      ...dynamicConfigFlags(),
      '--dynamic-config-value',
      `limit.historyCount.suggestContinueAsNew=${events}`,
    ],
    logFile: join(folder, 'engine.log'),
  });
  return {
    address: `${ENGINE_IP}:${port}`,
    async [Symbol.asyncDispose]() {
      server.kill('SIGKILL');
      await server.exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
