import type { Logger } from 'pino';
import type { LoginBrowser } from '../../browser/login-browser.ts';
import type { LiveFeed } from '../../feed/live-feed.ts';
import type { Credentials } from '../../secrets/credentials.ts';
import type { Vault } from '../../secrets/vault.ts';
import type { AuthStore } from '../../store/auth-store.ts';
import type { AuthGateway, FlowLimits } from '../../temporal/auth/auth-gateway.ts';
import type { WebhookGateway } from '../../temporal/webhooks/webhook-gateway.ts';

/** Everything that the activities of managed auth act upon. */
export interface AuthActivityDeps {
  auth: AuthStore;
  browser: LoginBrowser;
  vault: Vault;
  credentials: Pick<Credentials, 'facts' | 'resolve' | 'get' | 'create' | 'overwrite'>;
  gateway: Pick<AuthGateway, 'wakeTurn'>;
  webhookGateway: Pick<WebhookGateway, 'deliver'>;
  feed: Pick<LiveFeed, 'publish'>;
  /** Task queue of this worker process alone. */
  queue: string;
  limits: FlowLimits;
  /** Where a person answers a flow of the connection; null where nobody knows our address. */
  hostedUrl(connectionId: string): string | null;
  log: Logger;
  now(): Date;
}
