import { guardOf, type OutboundGuard } from '../outbound/outbound-guard.ts';
import { type Resolve, systemResolve, withLoopbackNames } from '../outbound/resolve.ts';

/**
 * What the browser may reach: public addresses, and hosts that are listed by their own name. Loopback names lead where the
 * browser itself would look for them.
 */
export function createBrowserGuard({
  allow,
  resolve = systemResolve,
}: {
  allow: readonly string[];
  resolve?: Resolve;
}): OutboundGuard {
  return guardOf({
    allow,
    setting: 'LONGTURN_BROWSER_ALLOW',
    resolve: withLoopbackNames(resolve),
  });
}
