/** The workflows that a worker registers. */
export { agentTurn } from './agent-turn.ts';
