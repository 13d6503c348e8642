import { lookup } from 'node:dns/promises';

/** One address that a name resolves to. */
export interface ResolvedAddress {
  address: string;
  family: number;
}

/** Finds every address of a name. */
export type Resolve = (name: string) => Promise<ResolvedAddress[]>;

/** As the system does, in its order. */
export const systemResolve: Resolve = (name) => lookup(name, { all: true, verbatim: true });

const LOOPBACK: ResolvedAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/** Answers loopback names itself: the system may know nothing of `sso.localhost`, which is loopback by definition (RFC 6761). */
export function withLoopbackNames(resolve: Resolve): Resolve {
  return async (name) => (isLoopbackName(name) ? LOOPBACK : resolve(name));
}

/** A host as `URL` writes it, an IPv6 address without its brackets. */
export function bareHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

/** Whether a name is `localhost` or below it, whatever its case, with the root's dot or without. */
export function isLoopbackName(name: string): boolean {
  return /(^|\.)localhost\.?$/i.test(name);
}
