import type { AgentDefinition } from '../../contract/index.ts';
import { createGlobs, GlobLimit } from '../../core/policy/glob.ts';

/** Notes that somebody may reach, by their paths. */
export interface NoteScope {
  /** As people wrote them, or the default. */
  globs: readonly string[];
  /** Every path that fits begins with one of these; the empty text is any path. */
  prefixes: readonly string[];
  fits(path: string): boolean;
}

/** What the tools of a turn may do with notes. */
export interface NoteAccess {
  read: NoteScope;
  write: NoteScope;
}

/** Most steps that judging one path may take; some 10 ms. A path that is not judged by then does not fit. */
const MAX_JUDGING = 400_000;

/**
 * What an agent's definition lets its tools do with notes. Where it says nothing: what is its own, `Notes/<agent>/`, and to read
 * also the records of its sessions, `Threads/<agent>/`. Turns that were pinned before there was a choice have that, too.
 */
export function noteAccessOf({ name, notes = {} }: Pick<AgentDefinition, 'name' | 'notes'>): NoteAccess {
  const own = `Notes/${name}/**`;
  return {
    read: noteScope(notes.read ?? [own, `Threads/${name}/**`]),
    write: noteScope(notes.write ?? [own]),
  };
}

function noteScope(globs: readonly string[]): NoteScope {
  // A path is written in this form only; a glob may come from an editor that composes otherwise.
  const composed = globs.map((glob) => glob.normalize('NFC'));
  return { globs, prefixes: composed.map(prefixOf), fits: (path) => fitsOne(composed, path) };
}

function fitsOne(globs: readonly string[], path: string): boolean {
  const { narrow } = createGlobs(MAX_JUDGING);
  try {
    return globs.some((glob) => narrow(glob)(path));
  } catch (error) {
    if (error instanceof GlobLimit) return false;
    throw error;
  }
}

/**
 * What a glob begins with before anything that could mean something else; what follows a text may mean its last character, too, and
 * a `|` means another beginning.
 */
function prefixOf(glob: string): string {
  if (glob.includes('|')) return '';
  const literal = /^[\p{L}\p{N} _/-]*/u.exec(glob)?.[0] ?? '';
  return literal === glob ? literal : literal.replace(/.$/u, '');
}

/** Globs as a sentence names them. */
export function namedGlobs({ globs }: NoteScope): string {
  return globs.length === 0 ? 'none' : globs.join(', ');
}
