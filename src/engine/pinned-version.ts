/** The Temporal CLI that `engine/go.mod` pins: fetched or built where no other binary is found. */
export const ENGINE_VERSION = '1.8.2';

/** The oldest Temporal CLI that has every flag and setting we use. */
export const OLDEST_ENGINE_VERSION = '1.5.0';

/** The oldest Go toolchain that builds the pinned module, as its `go.mod` says. */
export const OLDEST_GO_VERSION = '1.26.4';

/** True where `version` is `oldest` or newer; a part that is missing counts as 0. */
export function isAtLeast(version: string, oldest: string): boolean {
  const [a = [], b = []] = [version, oldest].map((text) => text.split('.').map(Number));
  const unequal = [0, 1, 2].find((part) => (a[part] ?? 0) !== (b[part] ?? 0));
  return unequal === undefined || (a[unequal] ?? 0) > (b[unequal] ?? 0);
}
