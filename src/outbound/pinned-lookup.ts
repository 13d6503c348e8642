import type { LookupFunction } from 'node:net';
import type { ResolvedAddress } from './resolve.ts';

/** A lookup that answers what was checked before, so that no second resolution can answer otherwise. */
export function pinnedLookup(checked: () => Promise<ResolvedAddress[]>): LookupFunction {
  return (name, options, done) => {
    checked().then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined) done(new Error(`${name} has no address`), '');
        else if (options.all) done(null, addresses);
        else done(null, first.address, first.family);
      },
      (error: Error) => done(error, ''),
    );
  };
}
