import type { LookupFunction } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { createAddressGuard, type Resolve } from '../tools/http/address-guard.ts';
import { ToolError } from '../tools/tool.ts';

/** Nothing is sent to this URL. `code`: `https_required` or `address_refused`; the message says why and how to mend it. */
export class TargetRefused extends Error {
  override name = 'TargetRefused';
  readonly code: string;

  constructor(code: string, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}

/** Where webhooks may be sent to: one judgement, when a URL is registered and whenever something is sent to it. */
export interface WebhookTargets {
  /**
   * The name lookup to connect with. Throws {@link TargetRefused} where the URL itself is refused; the lookup fails with it
   * where the name's addresses are.
   */
  lookupFor(url: URL): LookupFunction;
  /**
   * Why nothing would be sent to the URL now; undefined where it would. A name that has no address, or none within 3 s, may have
   * one later: it is looked up again before anything is sent.
   */
  refusal(url: URL): Promise<TargetRefused | undefined>;
}

/** How long the addresses of a name are waited for when a URL is registered, in milliseconds. */
const LOOKUP_MS = 3_000;

// Neither what was sent nor what a name leads to is repeated: whoever makes webhooks learns nothing of the network here.
const MEND = 'the operator can add its host:port to LONGTURN_WEBHOOK_ALLOW';
const HTTPS_REQUIRED = `must be https; for a receiver in your own network, ${MEND}`;
const ADDRESS_REFUSED = `leads to an address that is not public; if that is meant, ${MEND}`;

/** Names of the machine itself and of the network around it (RFC 6761, RFC 6762, RFC 8375, ICANN): public DNS has none of them. */
const LOCAL_NAME = /(^|\.)(localhost|local|internal|home\.arpa)\.?$/;

/** Lets through `https` to public addresses, and what is named in `allow` (`host:port`), there also `http`. */
export function createWebhookTargets({
  allow,
  resolve,
}: {
  allow: readonly string[];
  resolve?: Resolve;
}): WebhookTargets {
  const listed = new Set(allow.map((entry) => entry.toLowerCase()));
  const guard = createAddressGuard({ allow: [...allow], ...(resolve && { resolve }) });

  function lookupFor(url: URL): LookupFunction {
    const place = placeOf(url);
    if (!listed.has(place)) {
      if (url.protocol !== 'https:') throw new TargetRefused('https_required', HTTPS_REQUIRED);
      if (LOCAL_NAME.test(url.hostname)) throw new TargetRefused('address_refused', ADDRESS_REFUSED);
    }
    try {
      guard.checkLiteral(url);
    } catch (error) {
      throw targetRefused(error);
    }
    const lookup = guard.lookupFor(url);
    return (name, options, done) =>
      lookup(name, options, (error, ...found) => done(error && targetRefused(error), ...found));
  }

  return {
    lookupFor,
    async refusal(url) {
      try {
        const lookup = lookupFor(url);
        await withinTime(
          new Promise<void>((resolved, failed) =>
            lookup(bare(url.hostname), { all: true }, (error) => (error ? failed(error) : resolved())),
          ),
        );
        return undefined;
      } catch (error) {
        return error instanceof TargetRefused ? error : undefined;
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

/** What the guard refuses, and nothing else: a name that is not found is no refusal. */
function targetRefused(error: unknown): Error {
  if (error instanceof ToolError) return new TargetRefused(error.code, ADDRESS_REFUSED, { cause: error });
  return error instanceof Error ? error : new Error(String(error));
}

/** `host:port`, as `LONGTURN_WEBHOOK_ALLOW` names it. */
function placeOf(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
}

function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}
