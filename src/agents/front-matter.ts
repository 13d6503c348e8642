import { parseDocument, type YAMLError } from 'yaml';
import { boundedProblems, type FieldProblem } from '../tools/schema-problems.ts';

/** What the YAML of a definition file says, or why it cannot be read. */
export type FrontMatter = { fields: Record<string, unknown> } | { problems: FieldProblem[] };

/** Most values in it, keys not counted: two hundred rules and a hundred client tools are far below. */
const MAX_VALUES = 20_000;
const MAX_DEPTH = 100;

/** Reads the YAML between the lines "---". Takes more than linear time in odd texts: see read-front-matter.ts. */
export function parseFrontMatter(yaml: string): FrontMatter {
  try {
    return parse(yaml);
  } catch (error) {
    // Aliases that expand without end, nesting beyond the stack.
    return refused(`cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

function parse(yaml: string): FrontMatter {
  const document = parseDocument(yaml, { prettyErrors: true });
  const issues = [...document.errors, ...document.warnings];
  if (issues.length > 0) return { problems: boundedProblems(issues.map(yamlProblem)) };
  const fields: unknown = document.toJS();
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    return refused('the front matter must be YAML fields, such as "model: rehearsal/script"');
  }
  const fault = sizeFault(fields);
  return fault === undefined ? { fields: { ...fields } } : refused(fault);
}

/** Where the front matter as a whole is the problem. */
export function refused(message: string): { problems: FieldProblem[] } {
  return { problems: [{ path: '', message }] };
}

function yamlProblem(error: YAMLError): FieldProblem {
  const [start] = error.linePos ?? [];
  // The front matter begins on the file's second line.
  const where = start ? `line ${start.line + 1}, column ${start.col}: ` : '';
  const [message = ''] = error.message.split('\n');
  return { path: '', message: `${where}${message.replace(/ at line \d+, column \d+:?$/, '')}` };
}

/** Aliases count as often as they are used: whoever walks the fields walks them so. */
function sizeFault(fields: object): string | undefined {
  let values = 0;
  let level: unknown[] = [fields];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return `the front matter is nested more than ${MAX_DEPTH} levels deep`;
    values += level.length;
    if (values > MAX_VALUES) return `the front matter has more than ${MAX_VALUES} values`;
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value).slice(0, MAX_VALUES + 1) : [],
    );
  }
  return undefined;
}
