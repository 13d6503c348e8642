/**
 * How what was sent shows whether it may be believed. The codec, which runs outside of the workflows, decrypts a payload and
 * writes into its metadata what it found; the payload converter, which runs inside, puts that onto the value; handlers read it.
 */

/**
 * `bound`: encrypted by this installation for this workflow (or activity). `unbound`: encrypted by a version up to 0.2, which
 * did not say for whom. `foreign`: encrypted for another one. `none`: not encrypted. `unopened`: does not open with our keys.
 */
export type Seal = 'bound' | 'unbound' | 'foreign' | 'none' | 'unopened';

/** What is known of a value that was decoded. */
export interface Mark {
  seal: Seal;
  /** The name under which the sender sent it, such as `signal:stop`; only with `bound`. */
  sentAs?: string;
  /** Why it does not open. */
  fault?: string;
}

/** Names in a payload's metadata. Inside of what is encrypted: for whom, and as which message. */
export const META = {
  to: 'longturn-to',
  sentAs: 'longturn-sent-as',
  /** Written by the codec when it decodes; never believed where it comes from the engine. */
  seal: 'longturn-seal',
  fault: 'longturn-fault',
} as const;

// Who sends or reads and the converter may have been loaded as two copies of this module.
const MARK = Symbol.for('longturn.mark');
const SENT_AS = Symbol.for('longturn.sentAs');

/** A copy of a message that is encrypted together with the name under which it is sent. */
export function sentAs<T extends object>(message: T, name: string): T {
  return Object.defineProperty({ ...message }, SENT_AS, { value: name });
}

/** The name of {@link sentAs}. */
export function nameOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as { [SENT_AS]?: string })[SENT_AS];
}

/** Puts a mark onto a decoded value; only objects can carry one. */
export function mark(value: unknown, of: Mark): void {
  if (typeof value === 'object' && value !== null) Object.defineProperty(value, MARK, { value: of });
}

/** The mark of a decoded value; undefined where no codec is at work, and for what is no object. */
export function markOf(value: unknown): Mark | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as { [MARK]?: Mark })[MARK];
}

/** Names under which messages are sent. */
export const named = {
  start: (workflowType: string) => `start:${workflowType}`,
  signal: (name: string) => `signal:${name}`,
  update: (name: string) => `update:${name}`,
} as const;
