import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../../src/config.ts';
import { buildPackages, findGo } from '../../../src/engine/build.ts';
import { withCacheLock } from '../../../src/engine/cache.ts';
import { isAsRecorded, recordFileDigest } from '../../../src/engine/cache-record.ts';
import { ensureBinary } from '../../../src/engine/find-binary.ts';
import { MODULE_DIR } from '../../../src/engine/pinned-build.ts';
import { runCommand } from '../../../src/engine/run-command.ts';

/** The module that pins the server which clusters run, beside the one of the embedded engine. */
const SERVER_MODULE = join(MODULE_DIR, 'server');
const PACKAGES = { server: 'go.temporal.io/server/cmd/server', sql: 'go.temporal.io/server/cmd/tools/sql' };

/** Programs of a Temporal cluster, as the images of docker-compose.yml have them. */
export interface ServerBinaries {
  server: string;
  /** `temporal-sql-tool`. */
  sqlTool: string;
  /** `temporal`, the command line. */
  cli: string;
}

/** Version of the Temporal server that `engine/server/go.mod` pins. */
export function pinnedServerVersion(): string {
  const version = /^\s*go\.temporal\.io\/server v(\S+)/m.exec(
    readFileSync(join(SERVER_MODULE, 'go.mod'), 'utf8'),
  );
  if (!version?.[1]) throw new Error('engine/server/go.mod pins no server.');
  return version[1];
}

/** The programs from the cache of the embedded engine; built into it where they are missing (Go is needed then). */
export async function ensureServerBinaries(): Promise<ServerBinaries> {
  const report = (line: string) => process.stderr.write(`${line}\n`);
  const { engine } = loadConfig(machine(), '/');
  if (engine.kind !== 'embedded') throw new Error('unreachable: no address is set');
  const cli = (await ensureBinary(engine, report)).path;
  const folder = join(
    engine.cacheDir,
    `temporal-server-${pinnedServerVersion()}-${process.platform}-${process.arch}`,
  );
  const binaries = { server: join(folder, 'server'), sqlTool: join(folder, 'sql'), cli };
  const made = [binaries.server, binaries.sqlTool];
  if (await areAsRecorded(made)) return binaries;
  await withCacheLock(engine.cacheDir, report, async () => {
    if (await areAsRecorded(made)) return;
    const go = await findGo(engine, report);
    if (!go)
      throw new Error('The Temporal server of test:cluster is built, which needs Go (see engine/go.mod).');
    const part = `${folder}.part`;
    rmSync(part, { recursive: true, force: true });
    mkdirSync(part);
    const isBuilt = await buildPackages(go, report, {
      moduleDir: SERVER_MODULE,
      packages: Object.values(PACKAGES),
      output: `${part}/`,
      title: `Building the Temporal server ${pinnedServerVersion()} for clusters (once; 1 to 4 minutes)`,
    });
    if (!isBuilt) throw new Error('The Temporal server was not built.');
    rmSync(folder, { recursive: true, force: true });
    renameSync(part, folder);
    if (!(await works(binaries.server))) throw new Error('The Temporal server that was built does not work.');
    for (const file of made) await recordFileDigest(file);
  });
  return binaries;
}

/** What of our environment says where programs are, and nothing of what says where a system is. */
function machine(): NodeJS.ProcessEnv {
  const { PATH, HOME, TEMPORAL_CLI_PATH, XDG_CACHE_HOME, GOROOT } = process.env;
  return { PATH, HOME, TEMPORAL_CLI_PATH, XDG_CACHE_HOME, GOROOT };
}

async function areAsRecorded(files: readonly string[]): Promise<boolean> {
  for (const file of files) if (!existsSync(file) || !(await isAsRecorded(file))) return false;
  return true;
}

async function works(server: string): Promise<boolean> {
  const { code, stdout } = await runCommand(server, ['--version'], { timeoutMs: 20_000 });
  return code === 0 && stdout.includes(pinnedServerVersion());
}
