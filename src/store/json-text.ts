/**
 * JSON as the tables keep it. Free text is kept as a JSON string too: it may hold NUL and lone surrogates, which
 * PostgreSQL's text refuses and UTF-8 replaces.
 */
export function toText(value: unknown): string {
  return JSON.stringify(value);
}

/** {@link toText} for an optional column. */
export function toTextOrNull(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** The value behind {@link toText}. The caller names its type: only this store writes these columns. */
export function fromText<T>(text: string): T {
  return JSON.parse(text) as T;
}

/** A property for an optional column: `{}` for null, so that absent stays absent. */
export function optional<K extends string, C, V>(
  key: K,
  column: C | null,
  read: (column: C) => V,
): { [P in K]?: V } {
  return (column === null ? {} : { [key]: read(column) }) as { [P in K]?: V };
}

/** The same text; for {@link optional} columns that are kept as they are. */
export function same<T>(value: T): T {
  return value;
}

/** Text that every database takes as it is, for names that are compared in SQL. */
export function plainText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
