import { type Document, parseDocument, visit, type YAMLError } from 'yaml';
import type { z } from 'zod';
import { type FieldProblem, schemaProblems } from '../tools/schema-problems.ts';

/** What a YAML (or JSON) text holds, or everything that is wrong with it; no problem repeats what was written. */
export function readYaml<T extends z.ZodType>(
  text: string,
  schema: T,
): { value: z.output<T>; problems: [] } | { value: undefined; problems: FieldProblem[] } {
  const document = parseDocument(text, { prettyErrors: true, logLevel: 'silent' });
  const wrong = [...document.errors, ...document.warnings].map(yamlProblem);
  if (wrong.length > 0) return { value: undefined, problems: wrong };
  if (hasAlias(document)) {
    return {
      value: undefined,
      problems: [{ path: '', message: 'uses an alias (*name); write the value out' }],
    };
  }
  const parsed = schema.safeParse(document.toJS());
  return parsed.success
    ? { value: parsed.data, problems: [] }
    : { value: undefined, problems: schemaProblems(parsed.error) };
}

/** Aliases can expand without end. */
function hasAlias(document: Document.Parsed): boolean {
  let found = false;
  visit(document, {
    Alias: () => {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

/** Problems in one sentence, each with the path of its key. */
export function listed(problems: readonly FieldProblem[]): string {
  return problems.map(({ path, message }) => (path === '' ? message : `${path} ${message}`)).join('; ');
}

// The parser's own message may quote the line, secret and all.
function yamlProblem({ code, linePos }: YAMLError): FieldProblem {
  const [at] = linePos ?? [];
  const what = code.toLowerCase().replaceAll('_', ' ');
  return { path: '', message: at ? `line ${at.line}, column ${at.col}: ${what}` : what };
}
