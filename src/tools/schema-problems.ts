import type { z } from 'zod';

/** What is wrong, and where: a dotted path such as `policy.rules.0.gate`, empty for the whole value. */
export interface FieldProblem {
  path: string;
  message: string;
}

/** Every problem that a zod schema found; one for each unknown field. */
export function schemaProblems(error: z.ZodError): FieldProblem[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code !== 'unrecognized_keys') return [{ path: path.join('.'), message: issue.message }];
    return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: 'is not a known field' }));
  });
}
