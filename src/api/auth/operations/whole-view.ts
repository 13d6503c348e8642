import type { FlowView } from '../../../contract/index.ts';

/**
 * A view with null for what a stored one leaves out where there is nothing to tell, so that readers who lay one over another keep
 * nothing of the one before.
 */
export function wholeView(view: FlowView) {
  return { notice: null, remarks: null, preview: null, ...view };
}
