import type { DecisionBody, ResultBody } from '../../contract/index.ts';
import { decisionDigest, resultDigest } from '../../core/turn/message-digests.ts';
import type { CutContent } from '../../core/turn/messages.ts';
import { truncateForModel } from '../../core/turn/truncate.ts';

/** A message as it is sent: with its result whole, or with its beginning and what names the whole. */
export type Sent<B> = B & { cut?: CutContent };

/** `stored`: what must be stored under the digest before the message is sent. */
export interface CutMessage<B> {
  sent: Sent<B>;
  stored?: { digest: string; content: string; isError: boolean };
}

/** A client's result; only what the model is shown of it travels. */
export function cutResult(result: ResultBody): CutMessage<ResultBody> {
  return cut(result, { ...result, messageDigest: resultDigest(result) });
}

/** A decision, which may bring its call's result. */
export function cutDecision(decision: DecisionBody): CutMessage<DecisionBody> {
  const { content } = decision;
  if (content === undefined) return { sent: decision };
  return cut(decision, { content, messageDigest: decisionDigest(decision) });
}

/** Under which digest a result is stored where it does not travel whole; the event that settles the call names it. */
export function storedDigest({ content, isError = false }: ResultBody): string {
  return resultDigest({ content, isError });
}

function cut<B extends object>(
  body: B,
  { content, isError = false, messageDigest }: ResultBody & { messageDigest: string },
): CutMessage<B> {
  const { text, truncated } = truncateForModel(content);
  if (!truncated) return { sent: body };
  const digest = storedDigest({ content, isError });
  return {
    sent: { ...body, content: text, cut: { resultDigest: digest, messageDigest, truncated } },
    stored: { digest, content, isError },
  };
}
