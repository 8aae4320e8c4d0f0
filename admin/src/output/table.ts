import { stripVTControlCharacters } from "node:util";

/**
 * Columns as wide as their widest cell; colours do not count. The last column is not padded. A table that does not fit becomes a
 * block for each row, a line for each cell.
 *
 * @param columns of the terminal; absent where lines may be as long as they are
 */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  columns = Number.POSITIVE_INFINITY,
): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => visibleLength(row[column] ?? ""))),
  );
  const width = widths.reduce((sum, one) => sum + one + GAP.length, -GAP.length);
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => (column === cells.length - 1 ? cell : pad(cell, widths[column] ?? 0))).join(GAP);
  return width <= columns ? `${[header, ...rows].map(line).join("\n")}\n` : formatBlocks(header, rows);
}

const GAP = "  ";

function formatBlocks(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const width = Math.max(...header.map((title) => title.length));
  const block = (row: readonly string[]) => row.map((cell, column) => `${pad(header[column] ?? "", width)}  ${cell}\n`);
  return rows.map((row) => block(row).join("")).join("\n");
}

function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - visibleLength(text)));
}

function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}
