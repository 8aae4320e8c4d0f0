import type { DuckDBConnection } from "@duckdb/node-api";
import { STAGED_COLUMNS } from "./event-columns.ts";
import { identifier, renderSql } from "./sql.ts";
import { dimensionColumn } from "./store.ts";

const PREFIX = dimensionColumn("");

/**
 * Creates the table, and a column for every declared dimension that has none yet, filled from what was kept in `extra`.
 * Gives all dimensions that have a column, also those the catalogue no longer declares.
 */
export async function prepareSchema(connection: DuckDBConnection, declared: readonly string[]): Promise<string[]> {
  await connection.run(
    `CREATE TABLE IF NOT EXISTS events (
       id UHUGEINT NOT NULL, time_us BIGINT NOT NULL, event VARCHAR NOT NULL, user_id VARCHAR, value DOUBLE, extra VARCHAR)`,
  );
  const existing = await dimensionsOf(connection);
  const added = declared.filter((name) => !existing.includes(name));
  for (const name of added) await addDimension(connection, name);
  const dimensions = [...existing, ...added];
  await connection.run(`CREATE TEMP TABLE incoming (${stagedColumns(dimensions)})`);
  return dimensions;
}

async function dimensionsOf(connection: DuckDBConnection): Promise<string[]> {
  const columns = await connection.runAndReadAll("SELECT name FROM pragma_table_info('events') ORDER BY cid");
  return columns
    .getRows()
    .map(([name]) => String(name))
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length));
}

async function addDimension(connection: DuckDBConnection, name: string): Promise<void> {
  const column = quoted(name);
  await connection.run(`ALTER TABLE events ADD COLUMN ${column} VARCHAR`);
  await connection.run(
    `UPDATE events SET ${column} = json_extract_string(extra, $1) WHERE extra IS NOT NULL AND json_exists(extra, $1)`,
    [`$.${name}`],
  );
}

function stagedColumns(dimensions: readonly string[]): string {
  const fixed = STAGED_COLUMNS.map(([name, type]) => `${name} ${type}`);
  return [...fixed, ...dimensions.map((name) => `${quoted(name)} VARCHAR`)].join(", ");
}

/** The quoted column of a dimension. */
export function quoted(dimension: string): string {
  return renderSql(identifier(dimensionColumn(dimension))).text;
}
