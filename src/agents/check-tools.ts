import type { ClientTool } from '../contract/index.ts';
import type { FieldProblem } from '../tools/schema-problems.ts';
import { validateToolSchema } from '../tools/validate-input.ts';

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
export function clientToolProblems(clientTools: ClientTool[], takenNames: string[]): FieldProblem[] {
  return clientTools.flatMap(({ name, inputSchema }, index) => {
    const path = `clientTools.${index}`;
    const problems: FieldProblem[] = [];
    if (takenNames.includes(name)) {
      problems.push({
        path: `${path}.name`,
        message: `a tool named "${name}" is there already; choose another name`,
      });
    }
    if (clientTools.findIndex((other) => other.name === name) < index) {
      problems.push({ path: `${path}.name`, message: `"${name}" is given twice` });
    }
    const verdict = validateToolSchema(inputSchema);
    if (verdict.ok) return problems;
    return [
      ...problems,
      ...verdict.problems.map((problem) => ({
        path: [path, 'inputSchema', problem.path].filter(Boolean).join('.'),
        message: problem.message,
      })),
    ];
  });
}
