import { ToolError } from './tool.ts';

/** A bound that was reached: what the model is told. */
export interface Reached {
  code: 'memory_limit' | 'process_limit' | 'workspace_full' | 'no_space' | 'sandbox_failed';
  message: string;
}

/** {@link Reached} as the failure of a tool. */
export function reachedError({ code, message }: Reached, more = ''): ToolError {
  return new ToolError(code, more === '' ? message : `${message}\n${more}`);
}
