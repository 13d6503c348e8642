/** The Temporal CLI that `engine/go.mod` pins: fetched or built where no other binary is found. */
export const ENGINE_VERSION = '1.8.2';

/** The oldest Temporal CLI that has every flag and setting we use. */
export const OLDEST_ENGINE_VERSION = '1.5.0';

/** The oldest Go toolchain that builds the pinned module, as its `go.mod` says. */
export const OLDEST_GO_VERSION = '1.26.4';

/** True where `version` (`major.minor.patch`) is `oldest` or newer. */
export function isAtLeast(version: string, oldest: string): boolean {
  const [a, b] = [version, oldest].map((text) => text.split('.').map(Number));
  const unequal = (a ?? []).findIndex((part, index) => part !== (b?.[index] ?? 0));
  return unequal === -1 || (a?.[unequal] ?? 0) > (b?.[unequal] ?? 0);
}
