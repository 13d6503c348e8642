import { lookup } from 'node:dns/promises';
import { isIP, isIPv4 } from 'node:net';
import { isPublicAddress } from '../../public-address.ts';

/** One address that a name resolves to. */
export interface ResolvedAddress {
  address: string;
  family: number;
}

/** Finds every address of a name. */
export type Resolve = (name: string) => Promise<ResolvedAddress[]>;

/** The operator has not allowed the browser to reach this. */
export class OutboundRefusal extends Error {
  override name = 'OutboundRefusal';
}

/** Decides what the browser may reach. Hosts are names or address literals, without brackets. */
export interface OutboundGuard {
  /**
   * Every address of a host, each of them checked, to be connected to as they are. Throws {@link OutboundRefusal} as
   * soon as one of them is private and the host is not in the list.
   */
  addressesOf(host: string, port: number): Promise<ResolvedAddress[]>;
  /** Whether a host may be spoken to without TLS: loopback names that are in the list. */
  allowsPlain(host: string, port: number): boolean;
}

/**
 * Makes a guard that lets through public addresses and the hosts of `allow` (`host:port`, lower case). A host is in the
 * list by its own name only: `localhost` is not let through by `127.0.0.1`, nor a name that resolves to it.
 */
export function createOutboundGuard({
  allow,
  resolve = (name) => lookup(name, { all: true, verbatim: true }),
}: {
  allow: readonly string[];
  resolve?: Resolve;
}): OutboundGuard {
  const listed = new Set(allow.map((entry) => entry.toLowerCase().replace(/^\[(.*)\]:/, '$1:')));
  const isListed = (host: string, port: number) => listed.has(`${plainHost(host)}:${port}`);

  async function found(host: string): Promise<ResolvedAddress[]> {
    const family = isIP(host);
    if (family !== 0) return [{ address: host, family }];
    if (isLoopbackName(host)) return LOOPBACK;
    return resolve(host);
  }

  return {
    async addressesOf(host, port) {
      const name = plainHost(host);
      const addresses = await found(name);
      if (addresses.length > 0 && !isListed(name, port) && !addresses.every(isPublic)) {
        throw new OutboundRefusal(`${name}:${port} is not a public address`);
      }
      return addresses;
    },
    allowsPlain(host, port) {
      const name = plainHost(host);
      return isListed(name, port) && isLoopback(name);
    },
  };
}

/** A resolver of the host may know nothing of `sso.localhost`, which is loopback by definition (RFC 6761). */
const LOOPBACK: ResolvedAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

const isPublic = ({ address }: ResolvedAddress) => isPublicAddress(address);
const isLoopbackName = (host: string) => host === 'localhost' || host.endsWith('.localhost');
const isLoopback = (host: string) =>
  isLoopbackName(host) || host === '::1' || (isIPv4(host) && host.startsWith('127.'));

/** Lower case, without brackets and the root's dot. */
function plainHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}
