/** The ids that were added last. */
export interface Recent {
  has(id: string): boolean;
  add(id: string): void;
}

/** Remembers so many ids; the oldest is forgotten first. */
export function createRecent(most: number): Recent {
  const ids = new Set<string>();
  return {
    has: (id) => ids.has(id),
    add(id) {
      ids.add(id);
      const [oldest] = ids;
      if (ids.size > most && oldest !== undefined) ids.delete(oldest);
    },
  };
}
