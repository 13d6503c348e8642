import type { NoteTerms } from '../contract/index.ts';
import type { FieldProblem } from '../tools/schema-problems.ts';
import { globProblems } from './check-policy.ts';

/** Every glob of an agent's notes that cannot be read. Paths begin with `notes`. */
export function noteProblems({ read = [], write = [] }: NoteTerms): FieldProblem[] {
  const problemsOf = (list: string, globs: string[]) =>
    globs.flatMap((glob, index) => globProblems(`notes.${list}.${index}`, glob));
  return [...problemsOf('read', read), ...problemsOf('write', write)];
}
