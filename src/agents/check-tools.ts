import type { ClientTool } from '../contract/index.ts';
import type { SchemaChecker } from '../tools/schema-checker.ts';
import type { FieldProblem } from '../tools/schema-problems.ts';

/** Names in an agent's `tools` that this installation does not have, or that are there twice. */
export function toolProblems(tools: string[], toolNames: string[]): FieldProblem[] {
  return tools.flatMap((name, index) => {
    const path = `tools.${index}`;
    if (!toolNames.includes(name)) {
      return [{ path, message: `"${name}" is no tool of this server; there are ${toolNames.join(', ')}` }];
    }
    return tools.indexOf(name) < index ? [{ path, message: `"${name}" is listed twice` }] : [];
  });
}

/**
 * What is wrong with client tools: a name given twice or taken, or a schema that cannot be used.
 * For definitions, and for the `clientTools` of one turn. Paths begin with `clientTools`.
 */
export async function clientToolProblems(
  clientTools: ClientTool[],
  takenNames: string[],
  schemas: Pick<SchemaChecker, 'accept'>,
): Promise<FieldProblem[]> {
  const problems: FieldProblem[] = [];
  for (const [index, { name, inputSchema }] of clientTools.entries()) {
    const path = `clientTools.${index}`;
    if (takenNames.includes(name)) {
      problems.push({
        path: `${path}.name`,
        message: `a tool named "${name}" is there already; choose another name`,
      });
    }
    if (clientTools.findIndex((other) => other.name === name) < index) {
      problems.push({ path: `${path}.name`, message: `"${name}" is given twice` });
    }
    const verdict = await schemas.accept(inputSchema);
    if (verdict.ok) continue;
    for (const { path: place, message } of verdict.problems) {
      problems.push({ path: [path, 'inputSchema', place].filter(Boolean).join('.'), message });
    }
  }
  return problems;
}
