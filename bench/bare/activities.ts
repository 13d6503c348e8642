/** Activities that do nothing, and so show what the way to them and back costs. */
export interface BareActivities {
  prepare(): Promise<{ instructions: string }>;
  model(input: string): Promise<string>;
  tool(input: string): Promise<string>;
  finish(output: string): Promise<void>;
  /** Tells the driver, in the same process, that the turn waits; outside of what is timed. */
  parked(workflowId: string): Promise<void>;
}

export function createBareActivities(onParked: (workflowId: string) => void): BareActivities {
  return {
    prepare: async () => ({ instructions: 'Do it.' }),
    model: async (input) => `after ${input.slice(0, 100)}`,
    tool: async () => '(empty)',
    finish: async () => undefined,
    parked: async (workflowId) => onParked(workflowId),
  };
}
