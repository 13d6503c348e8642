import { parseArgs } from 'node:util';

/** The parts of the bench, in the order in which they run; `auth-kills` is a part of `auth` that can be run alone. */
export const WORKLOADS = [
  'turns',
  'approvals',
  'parked',
  'recovery',
  'fan-out',
  'cluster',
  'auth',
  'auth-kills',
] as const;
export type Workload = (typeof WORKLOADS)[number];

export interface Options {
  /** One small round of everything: shows that it works, not how fast it is. */
  quick: boolean;
  /** How often each pair is measured; figures are medians over them. */
  rounds: number;
  workloads: readonly Workload[];
  /** Put the tables into docs/performance.md as well. */
  writeDocs: boolean;
  /** Write CPU profiles of the measured process to bench/out/profile; the figures are then worth less. */
  profile: boolean;
}

/** Wrong arguments; the message says which are right. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Says on stderr what is measured now. */
export function say(what: string): void {
  console.error(`${new Date().toISOString().slice(11, 19)} ${what} …`);
}

/** Reads the arguments behind `npm run bench --`. Throws {@link UsageError}. */
export function readOptions(args: string[]): Options {
  const { values } = parse(args);
  const quick = values.quick ?? false;
  const rounds = Number(values.rounds ?? (quick ? 1 : 3));
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new UsageError(`--rounds ${values.rounds} is no number of rounds. Give 1 or more.`);
  }
  return {
    quick,
    rounds,
    workloads: (values.only?.split(',') ?? WORKLOADS).map(toWorkload),
    writeDocs: values['write-docs'] ?? false,
    profile: values.profile ?? false,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        quick: { type: 'boolean' },
        rounds: { type: 'string' },
        only: { type: 'string' },
        'write-docs': { type: 'boolean' },
        profile: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(
      `${error instanceof Error ? error.message : String(error)}\nUsage: npm run bench -- [--quick] [--rounds n] [--only ${WORKLOADS.join(',')}] [--write-docs] [--profile]`,
    );
  }
}

function toWorkload(name: string): Workload {
  const found = WORKLOADS.find((workload) => workload === name);
  if (!found) throw new UsageError(`--only: there is no workload "${name}". Give ${WORKLOADS.join(', ')}.`);
  return found;
}
