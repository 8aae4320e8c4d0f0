import type { RawNumberElement, RawTextElement, RichTextBlock } from "@slack/types";
import type { ComponentChild } from "preact";
import { html } from "../html.ts";
import { RichText } from "./rich-text.ts";
import { plain } from "./text-object.ts";

export type Cell = RawTextElement | RawNumberElement | RichTextBlock;

export function viewCell(cell: Cell): ComponentChild {
  if (cell.type === "rich_text") return html`<${RichText} block=${cell} />`;
  if (cell.type === "raw_number") return cell.text ?? new Intl.NumberFormat().format(cell.value);
  return plain(cell);
}

/** Whether a column holds numbers, and so is set to the right: every cell below the header is one, or looks like one. */
export function isNumericColumn(rows: readonly (readonly Cell[])[], column: number): boolean {
  const cells = rows.slice(1).map((row) => row[column]);
  return cells.length > 0 && cells.every((cell) => cell !== undefined && looksNumeric(cell));
}

function looksNumeric(cell: Cell): boolean {
  if (cell.type === "raw_number") return true;
  return cell.type === "raw_text" && /^(?:[–—-]|[+−-]?[$€£]?[\d,.\s]+\s?(?:%|pp)?)$/.test(cell.text.trim());
}

/** What a column is sorted by. */
export function compareCells(a: Cell | undefined, b: Cell | undefined): number {
  if (a?.type === "raw_number" && b?.type === "raw_number") return a.value - b.value;
  return textOf(a).localeCompare(textOf(b), undefined, { numeric: true });
}

function textOf(cell: Cell | undefined): string {
  if (cell === undefined) return "";
  if (cell.type === "rich_text") return JSON.stringify(cell.elements);
  return cell.type === "raw_text" ? cell.text : String(cell.value);
}
