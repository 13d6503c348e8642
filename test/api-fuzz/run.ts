/** npm run test:api-fuzz: made-up requests to a running Longturn, against what openapi.json says of them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { type LongturnSystem, startLongturn } from '../../bench/system/longturn.ts';
import { watchProcessLoops } from '../support/loop-delay.ts';
import { installPackages, PythonError, type PythonPackages } from '../support/python-packages.ts';
import { type Options, readOptions, UsageError } from './options.ts';
import { sow, writeConfig } from './seeds.ts';

const FOLDER = import.meta.dirname;
const ROOT = join(FOLDER, '../..');

try {
  process.exitCode = await fuzz(readOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UsageError || error instanceof PythonError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

/** The exit code of schemathesis: 0 where the API did what its document says. */
async function fuzz(options: Options): Promise<number> {
  const packages = await installPackages({
    name: 'Schemathesis',
    requirements: join(FOLDER, 'requirements.txt'),
    oldestPython: [3, 11],
    cache: 'api-fuzz',
  });
  const loops = watchProcessLoops();
  let code: number;
  {
    await using system = await startLongturn({
      env: {
        NODE_OPTIONS: `${loops.env['NODE_OPTIONS']} --import=${join(FOLDER, 'loopback-only.mjs')}`,
        LOOP_WATCH_FOLDER: loops.env['LOOP_WATCH_FOLDER'] ?? '',
        LONGTURN_RATE_LIMIT: '0',
        LONGTURN_AUTH_FAILURE_LIMIT: '0',
        // No site is visited: logins end where there is no browser.
        LONGTURN_BROWSER_PATH: '/nonexistent/chromium',
      },
    });
    code = await schemathesis(packages, options, system);
  }
  console.log(`Longest time that the event loop was held up: ${Math.round(loops.longestMs())} ms`);
  loops.end();
  console.log(
    `Again with: npm run test:api-fuzz -- --seed ${options.seed} --max-examples ${options.maxExamples}${options.quick ? ' --quick' : ''}`,
  );
  return code;
}

async function schemathesis(
  { python, folder }: PythonPackages,
  { seed, maxExamples, quick, only }: Options,
  { baseUrl, token, dataDir }: LongturnSystem,
): Promise<number> {
  const config = join(dataDir, 'schemathesis.toml');
  await writeConfig(
    config,
    await readFile(join(FOLDER, 'schemathesis.toml'), 'utf8'),
    await sow(baseUrl, token),
  );
  const args = [
    ...['-c', 'from schemathesis.cli import schemathesis; schemathesis()'],
    ...['--config-file', config, 'run', join(ROOT, 'openapi.json')],
    ...['--url', baseUrl, '--header', `Authorization: Bearer ${token}`],
    ...['--seed', String(seed), '--max-examples', String(maxExamples), '--no-color'],
    ...(quick ? ['--phases', 'fuzzing,stateful'] : []),
    ...(only === undefined ? [] : ['--include-operation-id-regex', only]),
  ];
  const env = { ...process.env, PYTHONPATH: [folder, FOLDER].join(delimiter), PYTHONDONTWRITEBYTECODE: '1' };
  // The child writes its reports and caches where it runs.
  const child = spawn(python, args, { cwd: dataDir, env, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}
