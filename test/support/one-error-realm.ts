import { isNativeError } from 'node:util/types';

// Jest gives each test file a realm of its own, so an error that Node made is not an instance of the file's Error. Code
// that asks `instanceof Error` must see under test what it sees in production.
Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, thrown: unknown): boolean {
    const known = Function.prototype[Symbol.hasInstance] as (this: unknown, value: unknown) => boolean;
    return known.call(this, thrown) || (this === Error && isNativeError(thrown));
  },
});
