/** Lists of the vendor-compatible routes: by offset, with what follows. */
export interface OffsetQuery {
  /** Most items, 1–100. */
  limit: number;
  offset: number;
}
export interface OffsetPage<T> {
  items: T[];
  hasMore: boolean;
}
