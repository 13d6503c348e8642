import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { isPublicAddress } from '../../public-address.ts';
import { ToolError } from '../tool.ts';

/** One address that a name resolves to. */
export interface ResolvedAddress {
  address: string;
  family: number;
}

/** Finds every address of a name. */
export type Resolve = (name: string) => Promise<ResolvedAddress[]>;

/** Decides which addresses may be connected to. */
export interface AddressGuard {
  /** Throws {@link ToolError} where the URL's host is an address literal that may not be reached. */
  checkLiteral(url: URL): void;
  /**
   * The name lookup to connect with: resolves, checks every address, and hands out exactly the checked ones, so that
   * no second resolution can answer otherwise.
   */
  lookupFor(url: URL): LookupFunction;
}

/**
 * Makes a guard that lets through public unicast addresses and what is named in `allow` (`host:port`, host a name or
 * an address).
 */
export function createAddressGuard({
  allow,
  resolve = (name) => systemLookup(name, { all: true, verbatim: true }),
}: {
  allow: string[];
  resolve?: Resolve;
}): AddressGuard {
  const allowed = new Set(allow.map((entry) => entry.toLowerCase()));

  function check(address: string, url: URL): void {
    const names = [url.hostname, address, `[${address}]`];
    if (isPublicAddress(address) || names.some((name) => allowed.has(`${name}:${portOf(url)}`))) return;
    throw refused(url, address);
  }

  async function resolved(name: string, url: URL): Promise<ResolvedAddress[]> {
    const addresses = await resolve(name);
    for (const { address } of addresses) check(address, url);
    return addresses;
  }

  return {
    checkLiteral(url) {
      const host = bare(url.hostname);
      if (ipaddr.isValid(host)) check(host, url);
    },
    lookupFor(url) {
      return (name, options, done) => {
        resolved(name, url).then(
          (addresses) => {
            const [first] = addresses;
            if (first === undefined) done(new Error(`${name} has no address`), '');
            else if (options.all) done(null, addresses);
            else done(null, first.address, first.family);
          },
          (error: Error) => done(error, ''),
        );
      };
    },
  };
}

function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function portOf(url: URL): string {
  return url.port || (url.protocol === 'https:' ? '443' : '80');
}

function refused(url: URL, address: string): ToolError {
  const at = bare(url.hostname) === address ? address : `${url.hostname} (${address})`;
  return new ToolError(
    'address_refused',
    `${at} is not a public address; http_fetch reaches public ones only. If this one is meant, the operator can add ${url.hostname}:${portOf(url)} to LONGTURN_HTTP_FETCH_ALLOW.`,
  );
}
