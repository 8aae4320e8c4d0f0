import { BIGINT, DOUBLE, type DuckDBConnection, type DuckDBType, type DuckDBValue, VARCHAR } from "@duckdb/node-api";
import { StatsError } from "../errors.ts";
import { renderSql, type Sql, type SqlValue } from "./sql.ts";
import { stoppedRead } from "./stopped-read.ts";
import type { Row } from "./store.ts";

/** A few connections that read, so that one slow question does not stop the others. */
export class DuckdbReaders {
  readonly #all: readonly DuckDBConnection[];
  readonly #idle: DuckDBConnection[];
  readonly #waiting: ((connection: DuckDBConnection) => void)[] = [];

  constructor(connections: readonly DuckDBConnection[]) {
    this.#all = connections;
    this.#idle = [...connections];
  }

  async read(query: Sql, signal: AbortSignal | undefined): Promise<readonly Row[]> {
    const connection = await this.#acquire();
    try {
      if (signal?.aborted) throw stoppedRead(signal);
      return await runQuery(connection, query, signal);
    } finally {
      this.#release(connection);
    }
  }

  async close(): Promise<void> {
    for (const _ of this.#all) await this.#acquire();
    for (const connection of this.#all) connection.closeSync();
  }

  #acquire(): Promise<DuckDBConnection> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return Promise.resolve(idle);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #release(connection: DuckDBConnection): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(connection);
    else next(connection);
  }
}

/** DuckDB forgets an interrupt that comes before the query has begun: between its preparation and its first row group. */
const INTERRUPT_AGAIN_MS = 50;

async function runQuery(connection: DuckDBConnection, query: Sql, signal: AbortSignal | undefined): Promise<Row[]> {
  const { text, values } = renderSql(query);
  let again: NodeJS.Timeout | undefined;
  const interrupt = () => {
    connection.interrupt();
    again = setInterval(() => connection.interrupt(), INTERRUPT_AGAIN_MS);
  };
  signal?.addEventListener("abort", interrupt, { once: true });
  try {
    const reader = await connection.runAndReadAll(text, values.map(bindable), values.map(typeOf));
    const names = reader.columnNames();
    return reader
      .getRows()
      .map((row) => Object.fromEntries(row.map((cell, index) => [names[index] ?? "", readable(cell)])));
  } catch (cause) {
    if (signal?.aborted) throw stoppedRead(signal);
    throw new StatsError("ERR_STORE_UNAVAILABLE", "The store did not answer the query.", { cause });
  } finally {
    signal?.removeEventListener("abort", interrupt);
    clearInterval(again);
  }
}

/** Whole numbers go in as BIGINT: compared as doubles they would keep the engine from skipping row groups. */
function bindable(value: SqlValue): DuckDBValue {
  return Number.isInteger(value) ? BigInt(value ?? 0) : value;
}

function typeOf(value: SqlValue): DuckDBType {
  if (typeof value !== "number") return VARCHAR;
  return Number.isInteger(value) ? BIGINT : DOUBLE;
}

function readable(value: DuckDBValue): SqlValue {
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  throw new TypeError("a query may give only text, numbers and null");
}
