import { type Options, say, type Workload } from './options.ts';
import type { AuthResults, Results } from './results.ts';
import { sizesOf } from './sizes.ts';
import { measureChecks } from './workloads/auth-checks.ts';
import { measureAuthKills } from './workloads/auth-kills.ts';
import { measureHotLogins, measureParkedLogins } from './workloads/auth-memory.ts';
import { measureSubmits } from './workloads/auth-submits.ts';

/** The parts of managed auth, each on a system of its own; one that breaks off leaves the figures of the others. */
export function authParts(
  options: Options,
  results: Results,
): { of: Workload[]; measure: () => Promise<void> }[] {
  const { rounds } = options;
  const sizes = sizesOf(options).auth;
  const into = (): AuthResults => {
    results.auth ??= {};
    return results.auth;
  };
  const parts: [of: Workload[], measure: () => Promise<void>][] = [
    [
      ['auth'],
      async () => {
        say(`logins, ${rounds} round(s)`);
        into().submits = await measureSubmits(rounds, sizes.submits);
      },
    ],
    [
      ['auth'],
      async () => {
        say(`health checks, ${rounds} round(s)`);
        into().checks = await measureChecks(rounds, sizes.checks);
      },
    ],
    [
      ['auth', 'auth-kills'],
      async () => {
        say('kill -9 of the worker that shows a form');
        into().kills = await measureAuthKills(sizes.kills);
      },
    ],
    [
      ['auth'],
      async () => {
        say('memory of open logins');
        into().hot = await measureHotLogins(sizes.hot);
      },
    ],
    [
      ['auth'],
      async () => {
        for (const load of sizes.parked) {
          say(`memory of ${load.parked.at(-1)} parked logins, cache of ${load.cachedWorkflows}`);
          const series = await measureParkedLogins(load);
          into().parked = [...(into().parked ?? []), series];
        }
      },
    ],
  ];
  return parts.map(([of, measure]) => ({ of, measure }));
}
