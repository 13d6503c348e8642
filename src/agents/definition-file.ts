import { basename } from 'node:path';
import { parseDocument, type YAMLError } from 'yaml';
import type { FieldProblem } from '../tools/schema-problems.ts';
import { type CheckedDefinition, checkDefinition, type DefinitionContext } from './check-definition.ts';

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
  const front = readFrontMatter(match[1] ?? '');
  if ('problems' in front) return { ok: false, problems: front.problems };
  const { fields } = front;
  const name = agentName(fileName);
  const problems = fileProblems(fields, name);
  const { instructions: _, ...others } = asWritten(fields);
  const body = source.slice(match[0].length).trim();
  const whole = { ...others, name: others['name'] ?? name, instructions: body };
  const checked = await checkDefinition(whole, context);
  if (problems.length === 0) return checked;
  return { ok: false, problems: [...problems, ...(checked.ok ? [] : checked.problems)] };
}

/** The name of the agent that a file defines. */
export function agentName(fileName: string): string {
  return basename(fileName).replace(/\.md$/i, '');
}

/**
 * Fields as people write them: one without a value is absent, and tools may be named in one line, as in the agent files of
 * other programs.
 */
function asWritten(fields: Record<string, unknown>): Record<string, unknown> {
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  const { tools } = given;
  if (typeof tools !== 'string') return given;
  const names = tools.split(',').map((tool) => tool.trim());
  return { ...given, tools: names.filter((tool) => tool !== '') };
}

type FrontMatter = { fields: Record<string, unknown> } | { problems: FieldProblem[] };

function readFrontMatter(yaml: string): FrontMatter {
  const document = parseDocument(yaml, { prettyErrors: true });
  const issues = [...document.errors, ...document.warnings];
  if (issues.length > 0) return { problems: issues.map(yamlProblem) };
  let fields: unknown;
  try {
    fields = document.toJS();
  } catch (error) {
    // Aliases that expand without end.
    return {
      problems: [{ path: '', message: `cannot be read: ${error instanceof Error ? error.message : error}` }],
    };
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    return {
      problems: [
        { path: '', message: 'the front matter must be YAML fields, such as "model: rehearsal/script"' },
      ],
    };
  }
  return { fields: { ...fields } };
}

function yamlProblem(error: YAMLError): FieldProblem {
  const [start] = error.linePos ?? [];
  // The front matter begins on the file's second line.
  const where = start ? `line ${start.line + 1}, column ${start.col}: ` : '';
  const [message = ''] = error.message.split('\n');
  return { path: '', message: `${where}${message.replace(/ at line \d+, column \d+:?$/, '')}` };
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
