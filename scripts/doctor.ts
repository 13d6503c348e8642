// npm run doctor [-- --fix]: what store and engine disagree about, and with --fix mends what is safe. Exits with 1 when
// something is left.
import { loadConfig } from '../src/config.ts';
import { createLogger } from '../src/logger.ts';
import { engineElsewhere } from '../src/process/engine-elsewhere.ts';
import { openBase } from '../src/process/open-base.ts';
import { examine, isHealthy, reportOf } from '../src/upkeep/doctor.ts';

const args = process.argv.slice(2);
const unknown = args.filter((arg) => arg !== '--fix');
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(' ')}. Usage: npm run doctor [-- --fix]`);
  process.exit(1);
}

const running = new AsyncDisposableStack();
try {
  const config = loadConfig();
  const log = createLogger({ level: 'silent' });
  const base = await openBase({ config, engine: engineElsewhere(config), log, together: false }, running);
  const examination = await examine(
    { ...base, startTurn: base.gateway.start },
    { fix: args.includes('--fix') },
  );
  process.stdout.write(reportOf(examination));
  process.exitCode = isHealthy(examination) ? 0 : 1;
} catch (error) {
  console.error(
    `Store and engine were not compared: ${error instanceof Error ? error.message : String(error)}`,
  );
  process.exitCode = 1;
} finally {
  await running.disposeAsync();
}
process.exit();
