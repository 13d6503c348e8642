import { createFlowCallers } from '../../api/auth/flow-callers.ts';
import { createFlowSessions } from '../../api/auth/flow-sessions.ts';
import { returnRulesOf } from '../../api/auth/hosted/return-rules.ts';
import { createHandoffs } from '../../api/auth/operations/handoffs.ts';
import { createShowConnection } from '../../api/auth/operations/show-connection.ts';
import { authEventsRoutes } from '../../api/auth/routes/events.ts';
import { exchangeRoutes } from '../../api/auth/routes/exchange.ts';
import { hostedRoutes } from '../../api/auth/routes/hosted.ts';
import { managedAuthRoutes } from '../../api/auth/routes/managed-auth.ts';
import { waitRoutes } from '../../api/auth/routes/wait.ts';
import type { ApiCapability } from '../../api/capability.ts';
import type { ApiDeps } from '../../api/deps.ts';
import { registerVendorHeaders } from '../../api/plugins/vendor-routes.ts';

/** The routes of managed auth, the page that people answer logins on, and those people as callers. */
export function authApi(deps: ApiDeps): ApiCapability {
  const sessions = createFlowSessions(deps);
  const handoffs = createHandoffs(deps, sessions);
  return {
    hooks: (app) => registerVendorHeaders(app, deps.config),
    open(app, { limits }) {
      exchangeRoutes(app, limits, { handoffs, rules: returnRulesOf(deps.auth) });
      hostedRoutes(app, deps.auth.hosted);
    },
    guarded(app, { follow }) {
      managedAuthRoutes(app, deps, handoffs);
      authEventsRoutes(app, deps, follow);
      waitRoutes(app, deps, createShowConnection(deps));
    },
    callers: createFlowCallers(sessions),
  };
}
