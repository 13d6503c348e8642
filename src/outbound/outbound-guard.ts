import { isIP, isIPv4, type LookupFunction } from 'node:net';
import { OutboundRefused } from './outbound-refused.ts';
import { pinnedLookup } from './pinned-lookup.ts';
import { isPublicAddress } from './public-address.ts';
import { bareHost, isLoopbackName, type Resolve, type ResolvedAddress, systemResolve } from './resolve.ts';

/** Decides what may be connected to. Hosts are names or address literals, with brackets or without. */
export interface OutboundGuard {
  /**
   * Every address of a host, each of them checked, to be connected to as they are. Throws {@link OutboundRefused} as soon as
   * one of them may not be reached.
   */
  addressesOf(host: string, port: number): Promise<ResolvedAddress[]>;
  /**
   * The name lookup to connect to a URL with: it resolves, checks every address, and hands out exactly the checked ones, or
   * fails with {@link OutboundRefused}. Throws that at once where the URL itself may not be reached: nobody looks up an address literal.
   */
  lookupFor(url: URL): LookupFunction;
  /** Whether a host may be spoken to without TLS where that is not the rule: loopback names that are listed. */
  allowsPlain(host: string, port: number): boolean;
}

/** What a user of the guard lets through. */
export interface OutboundRules {
  /** `host:port` of what is not public and may be reached all the same, host a name or an address. */
  allow: readonly string[];
  /** The variable that holds `allow`, for messages. */
  setting: string;
  /** Whether a listed address lets through the names that resolve to it. Default: a host is listed by its own name only. */
  byAddress?: boolean;
  /** Whether what is not listed must be https, and no name of the machine or its network. Default: addresses alone decide. */
  httpsOnly?: boolean;
  /** Default: as the system does. */
  resolve?: Resolve;
}

/** Names of the machine itself and of the network around it (RFC 6761, RFC 6762, RFC 8375, ICANN): public DNS has none of them. */
const LOCAL_NAME = /(^|\.)(localhost|local|internal|home\.arpa)\.?$/i;

/** Makes a guard that lets through public unicast addresses and what is listed. */
export function guardOf(rules: OutboundRules): OutboundGuard {
  const { allow, setting, byAddress = false, httpsOnly = false, resolve = systemResolve } = rules;
  const listed = new Set(allow.map((entry) => entry.toLowerCase().replace(/^\[(.*)\]:/, '$1:')));
  const isListed = (host: string, port: number) => listed.has(`${plainHost(host)}:${port}`);

  function check(address: string, host: string, port: number): void {
    if (isPublicAddress(address) || isListed(host, port) || (byAddress && isListed(address, port))) return;
    throw new OutboundRefused('address_refused', { host, port, address, setting });
  }

  function checkUrl(url: URL): void {
    const { hostname: host } = url;
    const port = portOf(url);
    if (httpsOnly && !isListed(host, port)) {
      if (url.protocol !== 'https:') throw new OutboundRefused('https_required', { host, port, setting });
      if (LOCAL_NAME.test(host)) throw new OutboundRefused('address_refused', { host, port, setting });
    }
    if (isIP(bareHost(host)) !== 0) check(bareHost(host), host, port);
  }

  async function addressesOf(host: string, port: number): Promise<ResolvedAddress[]> {
    const name = bareHost(host);
    const family = isIP(name);
    const addresses = family === 0 ? await resolve(name) : [{ address: name, family }];
    for (const { address } of addresses) check(address, host, port);
    return addresses;
  }

  return {
    addressesOf,
    lookupFor(url) {
      checkUrl(url);
      return pinnedLookup(() => addressesOf(url.hostname, portOf(url)));
    },
    allowsPlain(host, port) {
      const name = plainHost(host);
      return isListed(name, port) && (isLoopbackName(name) || name === '::1' || isLoopbackIPv4(name));
    },
  };
}

const isLoopbackIPv4 = (host: string) => isIPv4(host) && host.startsWith('127.');

/** Lower case, without brackets and the root's dot. */
function plainHost(host: string): string {
  return bareHost(host.toLowerCase()).replace(/\.$/, '');
}

function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}
