import type { FastifySchema, RouteOptions } from 'fastify';
import { Problem, type ProblemCode } from '../../contract/index.ts';
import type { Api } from '../deps.ts';
import { PROBLEMS } from '../problems.ts';

/** A code, or a code with the status that this route answers instead of the usual one. */
type DocumentedProblem = ProblemCode | { code: ProblemCode; status: number };

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Problems of this route beyond those that its schema and its scope bring with them. */
    problems?: DocumentedProblem[];
  }
}

const BEHIND_TOKEN: ProblemCode[] = [
  'unauthenticated',
  'token_expired',
  'forbidden',
  'rate_limited',
  'store_unavailable',
];
const WITH_BODY: ProblemCode[] = ['malformed_json', 'payload_too_large', 'unsupported_media_type'];

/** Writes every problem that a route can answer into its schema, one entry per status. */
export function registerDocumentedProblems(app: Api): void {
  app.addHook('onRoute', (route) => {
    const schema: FastifySchema & { hide?: boolean } = route.schema ?? {};
    if (schema.hide === true) return;
    const problems = byStatus(codesOf(route, schema));
    route.schema = { ...schema, response: { ...(schema.response ?? {}), ...problems } };
  });
}

function codesOf({ config }: RouteOptions, schema: FastifySchema): DocumentedProblem[] {
  const checksShape = [schema.params, schema.querystring, schema.body].some((part) => part !== undefined);
  return [
    ...(config?.problems ?? []),
    ...(config?.scope === undefined ? [] : BEHIND_TOKEN),
    ...(checksShape ? (['validation_failed'] as const) : []),
    ...(schema.body === undefined ? [] : WITH_BODY),
    'internal_error',
  ];
}

function byStatus(problems: DocumentedProblem[]): Record<number, unknown> {
  const withStatus = [...new Set(problems)].map((problem) =>
    typeof problem === 'string' ? { code: problem, status: PROBLEMS[problem][0] } : problem,
  );
  const groups = Map.groupBy(withStatus, ({ status }) => status);
  return Object.fromEntries(
    [...groups].map(([status, members]) => [
      status,
      {
        description: members
          .map(({ code }) => code)
          .toSorted()
          .map((code) => `\`${code}\`: ${PROBLEMS[code][1]}.`)
          .join(' '),
        content: { 'application/problem+json': { schema: Problem } },
      },
    ]),
  );
}
