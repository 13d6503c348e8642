import { StatementSync } from 'node:sqlite';

/** Counts the rows that this process reads of its SQLite databases, until disposed of. */
export function countRowsRead(): { rows(): number } & Disposable {
  const { all } = StatementSync.prototype;
  let rows = 0;
  StatementSync.prototype.all = function countingAll(this: StatementSync, ...values: Parameters<typeof all>) {
    const found = all.apply(this, values);
    rows += found.length;
    return found;
  } as typeof all;
  return {
    rows: () => rows,
    [Symbol.dispose]() {
      StatementSync.prototype.all = all;
    },
  };
}
