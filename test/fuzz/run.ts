/** npm run test:fuzz: the properties of test/fuzz, with another seed each time, or for longer. */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { parseArgs } from 'node:util';

const USAGE = 'Usage: npm run test:fuzz -- [--seed n] [--runs n] [--only <part of a file name>]';

const given = readArguments();
if (given === undefined) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  process.exitCode = await fuzz(given);
}

function readArguments() {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ options: { seed: text, runs: text, only: text } });
    const { seed = String(randomInt(1_000_000)), runs, only } = values;
    const areNumbers = [seed, runs ?? '1'].every((number) => /^[1-9]\d{0,8}$|^0$/.test(number));
    return areNumbers && runs !== '0' ? { seed, runs, only } : undefined;
  } catch {
    return undefined;
  }
}

async function fuzz({
  seed,
  runs,
  only,
}: {
  seed: string;
  runs?: string | undefined;
  only?: string | undefined;
}) {
  const jest = ['node_modules/jest/bin/jest.js', '--selectProjects', 'fuzz', '--testTimeout', '3600000'];
  const args = only === undefined ? jest : [...jest, '--testPathPatterns', only];
  const env = { ...process.env, FUZZ_SEED: seed, ...(runs !== undefined && { FUZZ_RUNS: runs }) };
  const child = spawn(process.execPath, args, { stdio: 'inherit', env });
  const [code] = (await once(child, 'close')) as [number | null];
  console.log(
    `Again with: npm run test:fuzz -- --seed ${seed}${runs === undefined ? '' : ` --runs ${runs}`}`,
  );
  return code ?? 1;
}
