import { NotePath } from '../../contract/index.ts';

/**
 * The path of a note as a tool takes it: in one spelling only, so that the one that is judged is the one that is written. Another
 * one is refused and not rewritten: what a person approved, and what a rule saw, is what is used.
 */
export const WritablePath = NotePath.refine(
  (path) => path === path.normalize('NFC'),
  'must be in the composed form of Unicode (NFC)',
).refine(
  (path) => path.isWellFormed() && !/\p{Cc}/u.test(path),
  'must hold no control characters and no half characters',
);

/** Whether a path lies where the records of sessions are kept, in any spelling that reads so. */
export function isReserved(path: string): boolean {
  const [folder = ''] = path.normalize('NFKC').split('/');
  return folder.toUpperCase() === 'THREADS';
}
