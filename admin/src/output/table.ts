import { stripVTControlCharacters } from "node:util";

/** Columns as wide as their widest cell; colours do not count. The last column is not padded. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => visibleLength(row[column] ?? ""))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === cells.length - 1 ? cell : cell + " ".repeat((widths[column] ?? 0) - visibleLength(cell)),
      )
      .join("  ");
  return `${[header, ...rows].map(line).join("\n")}\n`;
}

function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}
