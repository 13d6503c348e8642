/** A property of an error, whatever made it; undefined where it has none of that type. */
export function errorText(error: unknown, key: 'code' | 'message'): string | undefined {
  const value = propertyOf(error, key);
  return typeof value === 'string' ? value : undefined;
}

/** The result code of an SQLite error. */
export function sqliteCode(error: unknown): number | undefined {
  const value = propertyOf(error, 'errcode');
  return typeof value === 'number' ? value : undefined;
}

function propertyOf(error: unknown, key: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, key) : undefined;
}
