import type { Api, ApiDeps } from '../../deps.ts';
import { createBeginLogin } from '../operations/begin-login.ts';
import { createCancelLogin } from '../operations/cancel-login.ts';
import { createDeleteConnection } from '../operations/delete-connection.ts';
import { createEndFlow } from '../operations/end-flow.ts';
import type { Handoffs } from '../operations/handoffs.ts';
import { createNotifyConnections } from '../operations/notify-connections.ts';
import { createOpenPreview } from '../operations/open-preview.ts';
import { createReports } from '../operations/reports.ts';
import { createShowConnection } from '../operations/show-connection.ts';
import { createSubmit } from '../operations/submit.ts';
import { connectionRoutes } from './connection.ts';
import { connectionStateRoutes } from './connection-state.ts';
import { connectionsRoutes } from './connections.ts';
import { credentialRoutes, totpCodeRoute } from './credential.ts';
import { credentialsRoutes } from './credentials.ts';
import { loginsRoutes } from './logins.ts';
import { previewRoute } from './preview.ts';
import { profileDownloadRoute, profileRoutes } from './profile.ts';
import { profilesRoutes } from './profiles.ts';
import { reportRoutes } from './reports.ts';

/** Managed auth behind the token check: connections, their logins, credentials, profiles. */
export function managedAuthRoutes(app: Api, deps: ApiDeps, handoffs: Handoffs): void {
  const show = createShowConnection(deps);
  const endFlow = createEndFlow(deps);
  const login = createBeginLogin(deps, handoffs);

  connectionsRoutes(app, deps, show);
  connectionRoutes(app, deps, { show, remove: createDeleteConnection(deps, endFlow) });
  loginsRoutes(app, deps, { login, submit: createSubmit(deps) });
  connectionStateRoutes(app, deps, createCancelLogin(deps, { endFlow, show }));
  reportRoutes(app, deps, createReports(deps));
  previewRoute(app, deps, createOpenPreview(deps));
  const notify = createNotifyConnections(deps);
  credentialsRoutes(app, deps, notify);
  credentialRoutes(app, deps, notify);
  totpCodeRoute(app, deps);
  profilesRoutes(app, deps);
  profileRoutes(app, deps);
  profileDownloadRoute(app, deps);
}
