import type { LookupFunction } from 'node:net';
import type { ResolvedAddress } from './outbound-guard.ts';

/** A lookup that answers what was checked before, so that no second resolution can answer otherwise. */
export function pinnedLookup(addresses: ResolvedAddress[]): LookupFunction {
  return (name, options, done) => {
    const [first] = addresses;
    if (first === undefined) done(new Error(`${name} has no address`), '');
    else if (options.all) done(null, addresses);
    else done(null, first.address, first.family);
  };
}
