import type { JsonObject } from '../../contract/index.ts';
import type { ToolContext } from '../tool.ts';

/**
 * Whether a tool that goes through a folder may show a path in it. Who let it have the folder let it have what is in there, but
 * for what another rule of the policy denies or asks about.
 */
export async function readablePaths(
  { further }: Pick<ToolContext, 'further'>,
  input: JsonObject,
): Promise<(path: string) => boolean> {
  const judge = await further();
  return (path) => {
    const verdict = judge({ ...input, path });
    return verdict.gate === 'allow' || verdict.sameRule || !verdict.rule.startsWith('rules[');
  };
}

/** Tells of what was left out. */
export function leftOut(count: number): string[] {
  return count === 0 ? [] : [`[left out: ${count} files or folders that the policy does not allow here]`];
}
