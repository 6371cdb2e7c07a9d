import { stripVTControlCharacters } from 'node:util';

/** Columns as wide as their widest cell, two spaces between them; colour codes take no room. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
  }
  return rows.map((row) => rowText(row, widths)).join('\n');
}

function rowText(row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell))));
  return cells.join('  ').trimEnd();
}

function widthOf(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
