import type { AgentDefinition, CatalogueTool, Grant } from '../../contract/index.ts';

/** What a turn pins when it begins. */
export interface PreparedTurn {
  /** When it was prepared. */
  at: string;
  digests: { definition: string; catalogue: string };
  limits: { maxSteps: number; maxTokens?: number; deadlineMs?: number };
  approvalExpiresAfterMs: number;
  policy: AgentDefinition['policy'];
  tools: Pick<CatalogueTool, 'name' | 'locus' | 'idempotent' | 'gate' | 'timeoutMs' | 'subjects'>[];
  grants: Grant[];
  /**
   * Set by every worker that knows how much may be sent at once. Turns that began before keep their ways until their next
   * workflow run: their histories hold other commands.
   */
  bounded?: true;
  /**
   * Set by every worker that bounds how long globs are matched, and how long the texts are. Turns that began before hold
   * other decisions in their histories.
   */
  boundedMatching?: true;
  /**
   * Set by every worker that knows what arguments stand for: rules judge the values that tools use. Turns that began before
   * keep to the texts, as in their histories.
   */
  judgesValues?: true;
  /** What the agent's model calls are counted under, where they are: they wait in a queue of their own. */
  modelQueue?: string;
  /** Set where the turn retries another. `resumes`: that one's last step is finished first. */
  retry?: { of: string; resumes: boolean };
  /** Set where a conversation that is too long for the model is compacted. */
  compacts?: true;
}
