import type { JsonObject } from '../../contract/index.ts';
import { isSamePlace } from '../../outbound/redirect.ts';
import type { Outgoing } from '../../outbound/send.ts';
import { type ToolContext, ToolError } from '../tool.ts';

/**
 * Judges a redirect by the policy of the call that led to it, as if it were asked for itself. What a person approved is
 * followed within its origin, and to the same place by https. Throws {@link ToolError} `redirect_not_allowed`.
 */
export function createMayFollow(
  { further }: Pick<ToolContext, 'further'>,
  input: JsonObject,
): (from: URL, to: Outgoing) => Promise<void> {
  return async (from, { url, method }) => {
    const verdict = (await further())({ ...input, url: url.href, method });
    if (verdict.gate === 'allow') return;
    if (verdict.gate === 'ask' && verdict.approved && isSamePlace(from, url)) return;
    const why = verdict.reason === undefined ? '' : `: ${verdict.reason}`;
    const redirect = `${from.origin} redirects to ${url.href}, which the policy (${verdict.rule})`;
    throw new ToolError(
      'redirect_not_allowed',
      verdict.gate === 'deny'
        ? `${redirect} denies${why.replace(/\.$/, '')}. It was not followed.`
        : `${redirect} does not allow without a decision of its own${why.replace(/\.$/, '')}. It was not followed; if it is wanted, call http_fetch with that URL.`,
    );
  };
}
