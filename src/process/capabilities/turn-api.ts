import type { ApiCapability } from '../../api/capability.ts';
import type { ApiDeps } from '../../api/deps.ts';
import { createCallMessages } from '../../api/turn/operations/call-messages.ts';
import { createCheckDecision } from '../../api/turn/operations/check-decision.ts';
import { approvalsRoutes } from '../../api/turn/routes/approvals.ts';
import { callsRoutes } from '../../api/turn/routes/calls.ts';
import { deletionRoutes } from '../../api/turn/routes/deletion.ts';
import { grantsRoutes } from '../../api/turn/routes/grants.ts';
import { sessionApprovalsRoutes } from '../../api/turn/routes/session-approvals.ts';
import { sessionsRoutes } from '../../api/turn/routes/sessions.ts';
import { turnEventsRoutes } from '../../api/turn/routes/turn-events.ts';
import { turnMessagesRoutes } from '../../api/turn/routes/turn-messages.ts';
import { turnRepeatsRoutes } from '../../api/turn/routes/turn-repeats.ts';
import { turnsRoutes } from '../../api/turn/routes/turns.ts';

/** The routes of turns and sessions. */
export function turnApi(deps: ApiDeps): ApiCapability {
  const messages = createCallMessages(deps, createCheckDecision(deps));
  return {
    guarded(app, { follow }) {
      turnsRoutes(app, deps);
      deletionRoutes(app, deps);
      turnRepeatsRoutes(app, deps);
      turnEventsRoutes(app, deps, follow);
      turnMessagesRoutes(app, deps);
      callsRoutes(app, deps, messages);
      sessionsRoutes(app, deps, follow);
      sessionApprovalsRoutes(app, deps, messages);
      approvalsRoutes(app, deps, follow);
      grantsRoutes(app, deps);
    },
  };
}
