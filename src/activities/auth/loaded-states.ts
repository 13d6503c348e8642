import type { BrowserState } from '../../browser/login-browser.ts';

/** The profile state that each open flow was opened with, for the merge when it is saved; kept as long as the flow's context. */
export interface LoadedStates {
  set(flowId: string, state: BrowserState | undefined): void;
  get(flowId: string): BrowserState | undefined;
  delete(flowId: string): void;
}

export function createLoadedStates(): LoadedStates {
  const states = new Map<string, BrowserState>();
  return {
    set(flowId, state) {
      if (state) states.set(flowId, state);
      else states.delete(flowId);
    },
    get: (flowId) => states.get(flowId),
    delete: (flowId) => states.delete(flowId),
  };
}
