import { DOUBLE, type DuckDBConnection, DuckDBDataChunk, type DuckDBType, INTEGER, VARCHAR } from "@duckdb/node-api";
import type { EventRow } from "./store.ts";

/** Rows in one chunk: DuckDB's vector size. */
const CHUNK_ROWS = 2048;

/** Columns of the staging table before the dimensions. `id` is still text: the engine hashes it. */
export const STAGED_COLUMNS = [
  ["id", "VARCHAR", VARCHAR],
  ["batch", "INTEGER", INTEGER],
  ["time_us", "DOUBLE", DOUBLE],
  ["event", "VARCHAR", VARCHAR],
  ["user_id", "VARCHAR", VARCHAR],
  ["value", "DOUBLE", DOUBLE],
  ["extra", "VARCHAR", VARCHAR],
] as const;

/** Events to store together, with the number of the batch that each came in. */
export interface StagedRow {
  readonly row: EventRow;
  readonly batch: number;
}

type Cell = string | number | null;

/** Copies rows into the staging table, column by column. */
export async function appendRows(
  connection: DuckDBConnection,
  rows: readonly StagedRow[],
  dimensions: readonly string[],
): Promise<void> {
  const types: DuckDBType[] = [...STAGED_COLUMNS.map(([, , type]) => type), ...dimensions.map(() => VARCHAR)];
  const declared = new Set(dimensions);
  const appender = await connection.createAppender("incoming", "main", "temp");
  for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
    const part = rows.slice(from, from + CHUNK_ROWS);
    const chunk = DuckDBDataChunk.create(types, part.length);
    chunk.setColumns(columnsOf(part, dimensions, declared));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

function columnsOf(rows: readonly StagedRow[], dimensions: readonly string[], declared: ReadonlySet<string>): Cell[][] {
  return [
    rows.map(({ row }) => row.id),
    rows.map(({ batch }) => batch),
    rows.map(({ row }) => row.timeUs),
    rows.map(({ row }) => row.event),
    rows.map(({ row }) => row.user),
    rows.map(({ row }) => row.value),
    rows.map(({ row }) => extraOf(row, declared)),
    ...dimensions.map((name) => rows.map(({ row }) => ownText(row.dimensions, name))),
  ];
}

/** Not what every object inherits: a dimension may be called `constructor`. */
function ownText(dimensions: EventRow["dimensions"], name: string): string | null {
  const text: unknown = dimensions?.[name];
  return typeof text === "string" ? text : null;
}

/** The dimensions without a column of their own, as JSON. */
function extraOf({ dimensions }: EventRow, declared: ReadonlySet<string>): string | null {
  if (dimensions === null) return null;
  let extra: Record<string, string> | null = null;
  for (const name in dimensions) {
    if (declared.has(name)) continue;
    extra ??= {};
    extra[name] = dimensions[name] ?? "";
  }
  return extra === null ? null : JSON.stringify(extra);
}
