import { sha256Hex } from '../digest.ts';

/** What every provider takes as the name of a tool; Anthropic alone would take 128 characters. */
const LEGAL = /^[A-Za-z0-9_-]{1,64}$/;
const HASH_CHARACTERS = 10;
const KEPT_CHARACTERS = 64 - HASH_CHARACTERS - 1;

/**
 * A tool's name as providers take it. A model may call what is no tool by any name, and a request that has such a name in its
 * history is refused, as is every later one of the session. It is a function of the name alone, so that call, result and
 * offer agree, in every turn. Names that JavaScript objects have of themselves (`constructor`) are illegal too: the SDK looks
 * names up in plain objects.
 */
export function wireName(name: string): string {
  if (LEGAL.test(name) && !(name in Object.prototype)) return name;
  const readable = name
    .slice(0, KEPT_CHARACTERS)
    .replaceAll(/[^A-Za-z0-9_-]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  return `${readable || 'unnamed'}_${sha256Hex(name.toWellFormed()).slice(0, HASH_CHARACTERS)}`;
}

/** The tool that a model means by a name on the wire: one of those that were offered, or what it made up. */
export function offeredNames(names: readonly string[]): (written: string) => string {
  const byWire = new Map(names.map((name) => [wireName(name), name]));
  return (written) => byWire.get(written) ?? written;
}
