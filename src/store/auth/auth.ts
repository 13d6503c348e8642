import type { AuthStore } from '../auth-store.ts';
import type { StoreContext } from '../context.ts';
import { createConnections } from './connections.ts';
import { createCredentials } from './credentials.ts';
import { createFlows } from './flows.ts';
import { createHandoffs } from './handoffs.ts';
import { createPreviews } from './previews.ts';
import { createProfiles } from './profiles.ts';
import { createReports } from './reports.ts';
import { createSecrets } from './secrets.ts';
import { createTimeline } from './timeline.ts';

/** What managed auth keeps, in the tables of a database. */
export function createAuth(context: StoreContext): AuthStore {
  return {
    profiles: createProfiles(context),
    connections: createConnections(context),
    flows: createFlows(context),
    timeline: createTimeline(context),
    handoffs: createHandoffs(context),
    credentials: createCredentials(context),
    secrets: createSecrets(context),
    reports: createReports(context),
    previews: createPreviews(context),
  };
}
