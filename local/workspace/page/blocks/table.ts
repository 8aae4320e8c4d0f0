import type { TableBlock } from "@slack/types";
import type { VNode } from "preact";
import { html } from "../html.ts";
import { type Cell, isNumericColumn, viewCell } from "./cell.ts";

/** A plain table; its first row is the header. */
export function Table({ block }: { block: TableBlock }): VNode {
  const rows = block.rows as readonly (readonly Cell[])[];
  const [header = [], ...body] = rows;
  const alignOf = (column: number) =>
    block.column_settings?.[column]?.align ?? (isNumericColumn(rows, column) ? "right" : "left");
  return html`<div class="table-frame">
    <table>
      <thead>
        <tr>
          ${header.map((cell, column) => html`<th scope="col" class=${alignOf(column)}>${viewCell(cell)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${body.map((row) => html`<tr>${row.map((cell, column) => html`<td class=${alignOf(column)}>${viewCell(cell)}</td>`)}</tr>`)}
      </tbody>
    </table>
  </div>`;
}
