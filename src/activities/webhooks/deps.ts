import type { Logger } from 'pino';
import type { Vault } from '../../secrets/vault.ts';
import type { WebhookStore } from '../../store/store.ts';
import type { WebhookTargets } from '../../webhooks/webhook-targets.ts';

/** What the activities of webhooks act upon. */
export interface WebhookActivityDeps {
  webhooks: Pick<WebhookStore, 'delivery' | 'get' | 'noteAttempt'>;
  targets: Pick<WebhookTargets, 'lookupFor'>;
  vault: Pick<Vault, 'open'>;
  log: Logger;
  now(): Date;
}
