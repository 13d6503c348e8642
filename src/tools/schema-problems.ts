import type { z } from 'zod';

/** What is wrong, and where: a dotted path such as `policy.rules.0.gate`, empty for the whole value. */
export interface FieldProblem {
  path: string;
  message: string;
}

const MAX_PROBLEMS = 20;

/** The first of them, and how many there are beyond: nobody reads thousands. */
export function boundedProblems(problems: FieldProblem[]): FieldProblem[] {
  if (problems.length <= MAX_PROBLEMS) return problems;
  const more = problems.length - MAX_PROBLEMS;
  return [...problems.slice(0, MAX_PROBLEMS), { path: '', message: `and ${more} more` }];
}

/** Every problem that a zod schema found; one for each unknown field. */
export function schemaProblems(error: z.ZodError): FieldProblem[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), message: issue.message }];
    return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: 'is not a known field' }));
  });
}
