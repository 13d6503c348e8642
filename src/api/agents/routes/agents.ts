import { z } from 'zod';
import { checkDefinition, type DefinitionContext } from '../../../agents/check-definition.ts';
import {
  Agent,
  type AgentDefinition,
  AgentName,
  PageQuery,
  PutAgentBody,
  page,
} from '../../../contract/index.ts';
import type { Api, ApiDeps } from '../../deps.ts';
import { ApiProblem } from '../../problems.ts';
import { dottedPath } from '../../request-faults.ts';
import { NoContent } from '../../schemas.ts';
import { noSuchAgent } from '../../turn/no-such-agent.ts';

const AgentPath = z.object({ name: AgentName });
const tags = ['agents'];

/** Agent definitions. */
export function agentsRoutes(app: Api, { store, tools, schemas, now }: ApiDeps): void {
  app.get(
    '/v1/agents',
    {
      config: { scope: 'turns:read', problems: ['cursor_invalid'] },
      schema: {
        operationId: 'listAgents',
        summary: 'List agents',
        tags,
        querystring: PageQuery.strict(),
        response: { 200: page(Agent) },
      },
    },
    async (request) => store.agents.list(request.query),
  );

  app.get(
    '/v1/agents/:name',
    {
      config: { scope: 'turns:read', problems: ['agent_not_found'] },
      schema: {
        operationId: 'getAgent',
        summary: 'Read an agent',
        tags,
        params: AgentPath,
        response: { 200: Agent },
      },
    },
    async ({ params: { name } }) => {
      const agent = await store.agents.get(name);
      if (agent === undefined) throw await noSuchAgent(store, name);
      return agent;
    },
  );

  app.put(
    '/v1/agents/:name',
    {
      config: { scope: 'agents:write', problems: ['agent_invalid'] },
      schema: {
        operationId: 'putAgent',
        summary: 'Make or replace an agent; turns that run keep the definition they began with',
        tags,
        params: AgentPath,
        body: PutAgentBody,
        response: { 200: Agent },
      },
    },
    async ({ params, body }) => {
      const context = { toolNames: tools.names(), schemas };
      const definition = await sound({ ...body, name: params.name }, context);
      return store.agents.put(definition, now().toISOString());
    },
  );

  app.delete(
    '/v1/agents/:name',
    {
      config: { scope: 'agents:write', problems: ['agent_not_found'] },
      schema: {
        operationId: 'deleteAgent',
        summary: 'Delete an agent; its turns stay',
        tags,
        params: AgentPath,
        response: { 204: NoContent },
      },
    },
    async ({ params: { name } }, reply) => {
      if (!(await store.agents.delete(name, now().toISOString()))) throw await noSuchAgent(store, name);
      return reply.code(204).send();
    },
  );
}

async function sound(definition: AgentDefinition, context: DefinitionContext): Promise<AgentDefinition> {
  const verdict = await checkDefinition(definition, context);
  if (verdict.ok) return verdict.definition;
  const errors = verdict.problems.map(({ path, message }) => ({ path: dottedPath('body', path), message }));
  throw new ApiProblem(
    'agent_invalid',
    `The definition of ${definition.name} was not taken over; see errors.`,
    {
      errors,
    },
  );
}
