/** The workflows that a worker registers. */
export { agentTurn } from './agent-turn.ts';
export { authConnection } from './auth/auth-connection.ts';
export { authFlow } from './auth/auth-flow.ts';
export { webhookDelivery } from './webhook-delivery.ts';
