// Run by scripts/setup.mjs: makes sure that a server binary is on this machine; its path is the last line of stdout.
import { ConfigError, loadConfig } from '../config.ts';
import { EngineError } from './engine-error.ts';
import { ensureBinary } from './find-binary.ts';

const report = (line: string) => process.stderr.write(`${line}\n`);

try {
  const { engine } = loadConfig();
  if (engine.kind === 'embedded') {
    const binary = await ensureBinary(engine, report);
    process.stdout.write(`${binary.path}\n`);
  }
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof EngineError)) throw error;
  report(error.message);
  process.exitCode = 1;
}
