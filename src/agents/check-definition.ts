import { AgentDefinition } from '../contract/index.ts';
import type { SchemaChecker } from '../tools/schema-checker.ts';
import { type FieldProblem, schemaProblems } from '../tools/schema-problems.ts';
import { noteProblems } from './check-notes.ts';
import { policyProblems } from './check-policy.ts';
import { clientToolProblems, toolProblems } from './check-tools.ts';

/** A definition that may be put in force, or everything that is wrong with it. */
export type CheckedDefinition =
  | { ok: true; definition: AgentDefinition }
  | { ok: false; problems: FieldProblem[] };

/** What an installation knows that a definition must fit. */
export interface DefinitionContext {
  /** Names of the tools that this server executes. */
  toolNames: string[];
  schemas: Pick<SchemaChecker, 'accept'>;
  /** Longest time that reading one file's front matter may take, in milliseconds. Default 5,000. */
  frontMatterMs?: number;
}

/**
 * Checks an agent's definition, from a file or from the API: its shape, and what a shape cannot say: tools that exist,
 * client tools with names and schemas that can be used, globs that can be read.
 * Lists every problem by dotted path, those of well-formed fields also where other fields are not.
 */
export async function checkDefinition(
  value: unknown,
  context: DefinitionContext,
): Promise<CheckedDefinition> {
  const parsed = AgentDefinition.safeParse(value);
  const problems = [
    ...(parsed.success ? [] : schemaProblems(parsed.error)),
    ...(await meaningProblems(parsed.success ? parsed.data : wellFormedFields(value), context)),
  ];
  return parsed.success && problems.length === 0
    ? { ok: true, definition: parsed.data }
    : { ok: false, problems };
}

/** The fields of a value that are well formed, each on its own. */
function wellFormedFields(value: unknown): Partial<AgentDefinition> {
  if (typeof value !== 'object' || value === null) return {};
  const given = new Map(Object.entries(value));
  const read = Object.entries(AgentDefinition.shape).flatMap(([name, schema]) => {
    const parsed = given.has(name) ? schema.safeParse(given.get(name)) : undefined;
    return parsed?.success ? [[name, parsed.data] as const] : [];
  });
  return Object.fromEntries(read);
}

async function meaningProblems(
  fields: Partial<AgentDefinition>,
  { toolNames, schemas }: DefinitionContext,
): Promise<FieldProblem[]> {
  return [
    ...toolProblems(fields.tools ?? [], toolNames),
    ...(await clientToolProblems(fields.clientTools ?? [], toolNames, schemas)),
    ...(fields.policy ? policyProblems(fields.policy) : []),
    ...(fields.notes ? noteProblems(fields.notes) : []),
  ];
}
