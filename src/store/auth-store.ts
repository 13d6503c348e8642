import type { ConnectionStore } from './ports/auth/connections.ts';
import type { CredentialStore } from './ports/auth/credentials.ts';
import type { FlowStore } from './ports/auth/flows.ts';
import type { HandoffStore } from './ports/auth/handoffs.ts';
import type { PreviewStore } from './ports/auth/previews.ts';
import type { ProfileStore } from './ports/auth/profiles.ts';
import type { ReportStore } from './ports/auth/reports.ts';
import type { SecretStore } from './ports/auth/secrets.ts';
import type { TimelineStore } from './ports/auth/timeline.ts';

export type * from './ports/auth/connections.ts';
export type * from './ports/auth/credentials.ts';
export type * from './ports/auth/flows.ts';
export type * from './ports/auth/handoffs.ts';
export type * from './ports/auth/previews.ts';
export type * from './ports/auth/profiles.ts';
export type * from './ports/auth/reports.ts';
export type * from './ports/auth/secrets.ts';
export type * from './ports/auth/timeline.ts';
export type * from './ports/offset-page.ts';
export type * from './ports/sealed.ts';

/** What managed auth keeps outside Temporal. */
export interface AuthStore {
  readonly profiles: ProfileStore;
  readonly connections: ConnectionStore;
  readonly flows: FlowStore;
  readonly timeline: TimelineStore;
  readonly handoffs: HandoffStore;
  readonly credentials: CredentialStore;
  readonly secrets: SecretStore;
  readonly reports: ReportStore;
  readonly previews: PreviewStore;
}
