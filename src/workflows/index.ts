/** The workflows that a worker registers. */

export { authConnection } from './auth/auth-connection.ts';
export { authFlow } from './auth/auth-flow.ts';
export { agentTurn } from './turn/agent-turn.ts';
export { webhookDelivery } from './webhooks/webhook-delivery.ts';
