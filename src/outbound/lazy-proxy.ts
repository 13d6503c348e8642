import type { Logger } from 'pino';
import type { OutboundGuard } from './outbound-guard.ts';
import { type OutboundProxy, startOutboundProxy } from './outbound-proxy.ts';

/** The proxy of this process, started when it is first needed. */
export interface LazyProxy extends AsyncDisposable {
  started(): Promise<OutboundProxy>;
}

export function lazyProxy(deps: { guard: OutboundGuard; log: Logger }): LazyProxy {
  let proxy: Promise<OutboundProxy> | undefined;
  return {
    started() {
      proxy ??= startOutboundProxy(deps);
      return proxy;
    },
    async [Symbol.asyncDispose]() {
      await (await proxy)?.[Symbol.asyncDispose]();
    },
  };
}
