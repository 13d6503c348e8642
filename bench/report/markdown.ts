/** A cell: text as it is, numbers to three digits, `–` for what was not measured. */
export type Cell = string | number;

/** A Markdown table; the first column to the left, the others to the right. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]) => `| ${cells.map(format).join(' | ')} |`;
  const rule = `|${head.map((_, index) => (index === 0 ? ' --- ' : ' ---: ')).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** Three digits that count, never fewer than the whole number. */
export function format(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  if (!Number.isFinite(cell)) return '–';
  if (Math.abs(cell) >= 100) return Math.round(cell).toLocaleString('en-US');
  return Number(cell.toPrecision(3)).toString();
}
