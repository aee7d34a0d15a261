/** Columns aligned: the first to the left, figures to the right. A row of one cell is a heading or a blank line. */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows.filter(({ length }) => length > 1))
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  return rows.map((row) => `${alignRow(row, widths)}\n`).join('');
}

function alignRow(row: readonly string[], widths: readonly number[]): string {
  if (row.length === 1) return row[0] ?? '';
  return row
    .map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    })
    .join('  ')
    .trimEnd();
}

export const count = (value: number): string => value.toLocaleString('en-US');

export const seconds = (ms: number): string => (ms / 1000).toFixed(ms < 100_000 ? 2 : 0);

export const mebibytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(0);
