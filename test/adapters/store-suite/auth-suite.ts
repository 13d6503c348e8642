import { describe } from '@jest/globals';
import { authConnectionsSuite } from './auth-connections-suite.ts';
import { authCredentialsSuite } from './auth-credentials-suite.ts';
import { authDeletionSuite } from './auth-deletion-suite.ts';
import { authFlowsSuite } from './auth-flows-suite.ts';
import { authHandoffsSuite } from './auth-handoffs-suite.ts';
import { authNewsSuite } from './auth-news-suite.ts';
import { authPreviewsSuite } from './auth-previews-suite.ts';
import { authProfilesSuite } from './auth-profiles-suite.ts';
import { authReportsSuite } from './auth-reports-suite.ts';
import { authSecretsSuite } from './auth-secrets-suite.ts';
import { authSweepSuite } from './auth-sweep-suite.ts';
import { authWebhooksSuite } from './auth-webhooks-suite.ts';
import type { OpenStore } from './fixtures.ts';

/** Everything that a store must do for managed auth. */
export function authSuite(open: OpenStore): void {
  describe('profiles', () => authProfilesSuite(open));
  describe('connections', () => authConnectionsSuite(open));
  describe('flows', () => authFlowsSuite(open));
  describe('what a flow tells', () => authNewsSuite(open));
  describe('hand-offs', () => authHandoffsSuite(open));
  describe('credentials', () => authCredentialsSuite(open));
  describe('secrets', () => authSecretsSuite(open));
  describe('reports', () => authReportsSuite(open));
  describe('pictures of pages that ask', () => authPreviewsSuite(open));
  describe('webhooks', () => authWebhooksSuite(open));
  describe('deletion', () => authDeletionSuite(open));
  describe('sweep', () => authSweepSuite(open));
}
