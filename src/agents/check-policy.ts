import picomatch from 'picomatch/posix.js';
import type { Policy } from '../contract/index.ts';
import type { FieldProblem } from '../tools/schema-problems.ts';

/** Every glob of a policy that cannot be read. Paths begin with `policy`. */
export function policyProblems(policy: Policy): FieldProblem[] {
  return policy.rules.flatMap((rule, index) => {
    const at = `policy.rules.${index}`;
    const globs: [path: string, glob: string][] = [
      [`${at}.tool`, rule.tool],
      ...Object.entries(rule.args ?? {}).map(([name, glob]): [string, string] => [
        `${at}.args.${name}`,
        glob,
      ]),
    ];
    return globs.flatMap(([path, glob]) => globProblems(path, glob));
  });
}

function globProblems(path: string, glob: string): FieldProblem[] {
  try {
    // As the policy reads them, and strict: a bracket left open would silently match something else.
    picomatch.makeRe(glob, { dot: true, nonegate: true, strictBrackets: true });
    return [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [{ path, message: `is no glob that can be read: ${reason}` }];
  }
}
