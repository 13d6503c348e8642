import { basename } from 'node:path';
import { boundedProblems, type FieldProblem } from '../tools/schema-problems.ts';
import { type CheckedDefinition, checkDefinition, type DefinitionContext } from './check-definition.ts';
import { readFrontMatter } from './read-front-matter.ts';

const FRONT_MATTER = /^---[ \t]*\n((?:[\s\S]*?\n)?)---[ \t]*(?:\n|$)/;

/**
 * Reads a definition file: Markdown whose YAML front matter holds the fields and whose body is the instructions.
 * The agent's name is the file's, without `.md`; where the front matter gives one, it must be the same.
 * Problems are listed by dotted path; what concerns the file as a whole has the path `''` and names the line.
 */
export async function parseDefinition(
  text: string,
  fileName: string,
  context: DefinitionContext,
): Promise<CheckedDefinition> {
  const source = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  const match = FRONT_MATTER.exec(source);
  if (match === null) {
    return refused(
      'has no front matter: begin the file with a line "---", then YAML fields, then a line "---"',
    );
  }
  const front = await readFrontMatter(match[1] ?? '', context.frontMatterMs);
  if ('problems' in front) return { ok: false, problems: front.problems };
  const { fields } = front;
  const name = agentName(fileName);
  const problems = fileProblems(fields, name);
  const { instructions: _, ...others } = asWritten(fields);
  const body = source.slice(match[0].length).trim();
  const whole = { ...others, name: others['name'] ?? name, instructions: body };
  const checked = await checkDefinition(whole, context);
  if (checked.ok && problems.length === 0) return checked;
  return { ok: false, problems: boundedProblems([...problems, ...(checked.ok ? [] : checked.problems)]) };
}

/** The name of the agent that a file defines. */
export function agentName(fileName: string): string {
  return basename(fileName).replace(/\.md$/i, '');
}

/** More than a definition may name. */
const MAX_NAMES = 200;

/**
 * Fields as people write them: one without a value is absent, and tools may be named in one line, as in the agent files of
 * other programs.
 */
function asWritten(fields: Record<string, unknown>): Record<string, unknown> {
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  const { tools } = given;
  if (typeof tools !== 'string') return given;
  const names = tools.split(',', MAX_NAMES).map((tool) => tool.trim());
  return { ...given, tools: names.filter((tool) => tool !== '') };
}

function fileProblems(fields: Record<string, unknown>, name: string): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (typeof fields['name'] === 'string' && fields['name'] !== name) {
    problems.push({
      path: 'name',
      message: `is "${fields['name']}", but the file is called "${name}.md"; give both the same name`,
    });
  }
  if ('instructions' in fields) {
    problems.push({
      path: 'instructions',
      message: 'belongs into the body of the file, below the second "---"',
    });
  }
  return problems;
}

function refused(message: string): CheckedDefinition {
  return { ok: false, problems: [{ path: '', message }] };
}
