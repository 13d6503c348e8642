import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import * as contract from '../../contract/index.ts';
import type { Api } from '../deps.ts';
import { tidyDocument } from '../openapi-document.ts';

const DESCRIPTION = `Durable agent turns: every turn is a workflow that survives crashes, asks people for decisions, and can
be followed live. Errors are \`application/problem+json\` with a stable \`code\`. Lists are
\`{items, nextCursor?}\`. The routes of managed auth (\`/auth\`, \`/credentials\`, \`/profiles\`) keep the habits of the
vendor whose SDK they serve: lists are bare arrays with \`X-Has-More\` and \`X-Next-Offset\`, errors carry \`message\` too.`;

const TAGS = {
  turns: 'Start, read, steer, stop and cancel turns.',
  streams: 'Follow turns, sessions and the inbox as server-sent events.',
  calls: 'Tool calls: decide, hand in results, read the full record.',
  sessions: 'Conversations of many turns, one at a time.',
  approvals: 'The inbox of calls that wait for a person, and the record of decisions.',
  grants: 'Remembered decisions.',
  agents: 'Agent definitions.',
  notes: 'Durable memory.',
  auth: 'Managed auth: connections that are kept logged in, and their logins.',
  credentials: 'Stored logins.',
  profiles: 'Saved browser states.',
  webhooks: 'Where changes of logins are told.',
  tokens: 'API tokens; scope admin.',
  operations: 'Health, metrics, the payload codec.',
};

/** Schemas that the document names once and refers to. */
const NAMED = {
  Agent: contract.Agent,
  Approval: contract.Approval,
  CallSnapshot: contract.CallSnapshot,
  Choice: contract.Choice,
  Credential: contract.Credential,
  CredentialReference: contract.CredentialReference,
  DiscoveredField: contract.DiscoveredField,
  Failure: contract.Failure,
  Field: contract.Field,
  Grant: contract.Grant,
  ManagedAuth: contract.ManagedAuth,
  MfaOption: contract.MfaOption,
  Note: contract.Note,
  PendingCall: contract.PendingCall,
  Problem: contract.Problem,
  Profile: contract.Profile,
  SafeConnection: contract.SafeConnection,
  Session: contract.Session,
  SignInOption: contract.SignInOption,
  SsoButton: contract.SsoButton,
  TimelineEvent: contract.TimelineEvent,
  Token: contract.Token,
  Turn: contract.Turn,
  TurnEvent: contract.TurnEvent,
  Usage: contract.Usage,
  Webhook: contract.Webhook,
  WebhookDelivery: contract.WebhookDelivery,
};

/** OpenAPI 3.1 at `/openapi.json`, Swagger UI at `/docs`; neither asks for a token. Register it before the routes. */
export async function registerOpenApi(app: Api): Promise<void> {
  nameSchemas();
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Longturn', version: '1', description: DESCRIPTION, license: { name: 'MIT' } },
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      security: [{ bearer: [] }],
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description:
              'An API token; `npm start` writes the first one to the token file in the data folder.',
          },
        },
      },
    },
    transform: (source) => {
      const transformed = jsonSchemaTransform(source);
      const { scope } = source.route.config ?? {};
      return {
        ...transformed,
        schema: {
          ...transformed.schema,
          ...(scope !== undefined && { 'x-required-scope': scope }),
          ...(source.schema?.body instanceof z.ZodOptional && { 'x-optional-body': true }),
        },
      };
    },
    transformObject: (source) => tidyDocument(jsonSchemaTransformObject(source)),
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { deepLinking: true },
    staticCSP: DOCS_CSP,
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}

/** Its pages hold scripts of ours only; Swagger's own styles are inline. */
const DOCS_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Names live in zod's registry, which is one per process; naming them again changes nothing. */
function nameSchemas(): void {
  for (const [id, schema] of Object.entries(NAMED)) {
    const meta = z.globalRegistry.get(schema);
    if (meta?.id === undefined) z.globalRegistry.add(schema, { ...meta, id });
  }
}
