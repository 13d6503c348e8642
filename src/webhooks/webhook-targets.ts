import type { LookupFunction } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { guardOf } from '../outbound/outbound-guard.ts';
import { OutboundRefused, type RefusalCode } from '../outbound/outbound-refused.ts';
import type { Resolve } from '../outbound/resolve.ts';

/** Where webhooks may be sent to: one judgement, when a URL is registered and whenever something is sent to it. */
export interface WebhookTargets {
  /** The name lookup to connect with. It fails, or this throws, with {@link OutboundRefused}. */
  lookupFor(url: URL): LookupFunction;
  /**
   * Why nothing would be sent to the URL now, as its registration is answered; undefined where it would. A name that has no address,
   * or none within 3 s, may have one later: it is looked up again before anything is sent.
   */
  refusal(url: URL): Promise<{ code: RefusalCode; message: string } | undefined>;
}

/** How long the addresses of a name are waited for when a URL is registered, in milliseconds. */
const LOOKUP_MS = 3_000;

const SETTING = 'LONGTURN_WEBHOOK_ALLOW';
const MEND = `the operator can add its host:port to ${SETTING}`;
// Neither what was sent nor what a name leads to is repeated: the creator of a webhook learns nothing of this network.
const MESSAGES: Record<RefusalCode, string> = {
  https_required: `must be https; for a receiver in your own network, ${MEND}`,
  address_refused: `leads to an address that is not public; if that is meant, ${MEND}`,
};

/** Lets through `https` to public addresses, and what is named in `allow` (`host:port`), there also `http`. */
export function createWebhookTargets({
  allow,
  resolve,
}: {
  allow: readonly string[];
  resolve?: Resolve;
}): WebhookTargets {
  const { lookupFor } = guardOf({
    allow,
    setting: SETTING,
    byAddress: true,
    httpsOnly: true,
    ...(resolve && { resolve }),
  });

  return {
    lookupFor,
    async refusal(url) {
      try {
        const lookup = lookupFor(url);
        await withinTime(
          new Promise<void>((resolved, failed) =>
            lookup(url.hostname, { all: true }, (error) => (error ? failed(error) : resolved())),
          ),
        );
        return undefined;
      } catch (error) {
        return error instanceof OutboundRefused
          ? { code: error.code, message: MESSAGES[error.code] }
          : undefined;
      }
    },
  };
}

async function withinTime(work: Promise<void>): Promise<void> {
  const over = new AbortController();
  const time = wait(LOOKUP_MS, undefined, { signal: over.signal }).catch(() => {});
  try {
    await Promise.race([work, time]);
  } finally {
    over.abort();
  }
}
