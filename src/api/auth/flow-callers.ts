import type { Caller, OtherCallers } from '../plugins/bearer.ts';
import { ApiProblem } from '../problems.ts';
import { type FlowSession, type FlowSessions, looksLikeSession } from './flow-sessions.ts';

declare module '../plugins/bearer.ts' {
  interface Caller {
    /** Set where the caller may read and answer one flow, and nothing else. */
    session?: FlowSession;
  }
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether a login's session token opens the route, for its own connection (`:id`) and flow. */
    flowSession?: boolean;
  }
}

interface FlowCaller extends Caller {
  session: FlowSession;
}

/** People with the session token of one login: they read and answer it, and nothing else. */
export function createFlowCallers(sessions: FlowSessions): OtherCallers<FlowCaller> {
  return {
    looksLike: looksLikeSession,
    expired: 'The session of this login is over. Begin a new login.',
    async find(secret) {
      const session = await sessions.verify(secret);
      if (session === undefined || session === 'expired') return session;
      return { id: `session:${session.codeHash.slice(0, 16)}`, name: 'a person', scopes: [], session };
    },
    authorize({ session: { connectionId } }, request) {
      if (request.routeOptions.config.flowSession !== true) {
        throw new ApiProblem('forbidden', 'The session of a login opens this login and nothing else.', {
          headers: { 'www-authenticate': 'Bearer realm="longturn", error="insufficient_scope"' },
        });
      }
      const { id } = request.params as { id?: string };
      if (id === connectionId) return;
      throw new ApiProblem('connection_not_found', `There is no auth connection ${id} in this session.`);
    },
    used: ({ session }) => sessions.use(session),
  };
}
