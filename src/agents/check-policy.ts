import type { ArgumentGlobs, Policy } from '../contract/index.ts';
import { globFault } from '../core/policy/glob.ts';
import type { FieldProblem } from '../tools/schema-problems.ts';

/** Every glob of a policy that cannot be read. Paths begin with `policy`. */
export function policyProblems(policy: Policy): FieldProblem[] {
  return policy.rules.flatMap((rule, index) => {
    const at = `policy.rules.${index}`;
    return [...globProblems(`${at}.tool`, rule.tool), ...argumentGlobProblems(`${at}.args`, rule.args ?? {})];
  });
}

/** Every glob of a rule's or a grant's arguments that cannot be read. */
export function argumentGlobProblems(path: string, globs: ArgumentGlobs): FieldProblem[] {
  return Object.entries(globs).flatMap(([name, glob]) => globProblems(`${path}.${name}`, glob));
}

/** Why a glob cannot be read, at its path; empty where it can. */
export function globProblems(path: string, glob: string): FieldProblem[] {
  const fault = globFault(glob);
  return fault === undefined ? [] : [{ path, message: fault }];
}
