import type { DataTableBlock } from "@slack/types";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { html } from "../html.ts";
import { type Cell, compareCells, isNumericColumn, viewCell } from "./cell.ts";

interface Order {
  readonly column: number;
  readonly isDescending: boolean;
}

const DEFAULT_PAGE_SIZE = 5;

/** A table that the reader sorts by its headers and pages through. */
export function DataTable({ block }: { block: DataTableBlock }): VNode {
  const rows = block.rows as readonly (readonly Cell[])[];
  const [header = [], ...body] = rows;
  const size = block.page_size ?? DEFAULT_PAGE_SIZE;
  const [order, setOrder] = useState<Order | null>(null);
  const [page, setPage] = useState(0);
  const sorted = order === null ? body : sortRows(body, order);
  const shown = sorted.slice(page * size, (page + 1) * size);
  const alignOf = (column: number) => (isNumericColumn(rows, column) ? "right" : "left");
  const sortBy = (column: number) => {
    const isSame = order?.column === column;
    setOrder({ column, isDescending: isSame ? !order.isDescending : alignOf(column) === "right" });
    setPage(0);
  };
  return html`<div class="table-frame">
    <table>
      <caption>
        ${block.caption}
      </caption>
      <thead>
        <tr>
          ${header.map((cell, column) => html`<${HeaderCell} cell=${cell} align=${alignOf(column)} sort=${sortOf(order, column)} onSort=${() => sortBy(column)} />`)}
        </tr>
      </thead>
      <tbody>
        ${shown.map((row) => html`<tr>${row.map((cell, column) => viewBodyCell(cell, alignOf(column), column === block.row_header_column_index))}</tr>`)}
      </tbody>
    </table>
    ${body.length > size && html`<${Pager} page=${page} size=${size} count=${body.length} onPage=${setPage} />`}
  </div>`;
}

type Sort = "ascending" | "descending" | "none";

interface HeaderCellProps {
  readonly cell: Cell;
  readonly align: string;
  readonly sort: Sort;
  readonly onSort: () => void;
}

function HeaderCell({ cell, align, sort, onSort }: HeaderCellProps): VNode {
  const sign = { ascending: "▲", descending: "▼", none: "" }[sort];
  return html`<th scope="col" class=${align} aria-sort=${sort}>
    <button type="button" class="sort" onClick=${onSort}>${viewCell(cell)}<span aria-hidden="true" class="sort-sign">${sign}</span></button>
  </th>`;
}

function viewBodyCell(cell: Cell, align: string, isRowHeader: boolean): VNode {
  return isRowHeader
    ? html`<th scope="row" class=${align}>${viewCell(cell)}</th>`
    : html`<td class=${align}>${viewCell(cell)}</td>`;
}

interface PagerProps {
  readonly page: number;
  readonly size: number;
  readonly count: number;
  readonly onPage: (page: number) => void;
}

function Pager({ page, size, count, onPage }: PagerProps): VNode {
  const last = Math.ceil(count / size) - 1;
  const to = Math.min((page + 1) * size, count);
  return html`<div class="pager">
    <span>${page * size + 1}–${to} of ${count}</span>
    <button type="button" class="button icon-button" aria-label="Previous rows" disabled=${page === 0} onClick=${() => onPage(page - 1)}>‹</button>
    <button type="button" class="button icon-button" aria-label="Next rows" disabled=${page === last} onClick=${() => onPage(page + 1)}>›</button>
  </div>`;
}

function sortOf(order: Order | null, column: number): Sort {
  if (order?.column !== column) return "none";
  return order.isDescending ? "descending" : "ascending";
}

function sortRows(rows: readonly (readonly Cell[])[], { column, isDescending }: Order): readonly (readonly Cell[])[] {
  const sorted = rows.toSorted((a, b) => compareCells(a[column], b[column]));
  return isDescending ? sorted.reverse() : sorted;
}
