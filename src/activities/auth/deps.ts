import type { LoginBrowser } from '../../browser/login-browser.ts';
import type { LiveFeed } from '../../feed/live-feed.ts';
import type { Credentials } from '../../secrets/credentials.ts';
import type { Vault } from '../../secrets/vault.ts';
import type { AuthStore } from '../../store/auth-store.ts';
import type { FlowLimits } from '../../temporal/auth/auth-gateway.ts';
import type { WebhookGateway } from '../../temporal/webhooks/webhook-gateway.ts';
import type { WakeDeps } from '../turn/wake-waiting.ts';

/** Everything that the activities of managed auth act upon. */
export interface AuthActivityDeps extends WakeDeps {
  auth: AuthStore;
  browser: LoginBrowser;
  vault: Vault;
  credentials: Pick<Credentials, 'facts' | 'resolve' | 'get' | 'create' | 'overwrite'>;
  webhookGateway: Pick<WebhookGateway, 'deliver'>;
  feed: Pick<LiveFeed, 'publish'>;
  /** Task queue of this worker process alone. */
  queue: string;
  limits: FlowLimits;
  /** Whether pictures are taken of pages that ask. Default: they are not. */
  previews?: boolean;
  /** Where a person answers a flow of the connection; null where nobody knows our address. */
  hostedUrl(connectionId: string): string | null;
  now(): Date;
}
