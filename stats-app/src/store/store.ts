import type { Dialect } from "./dialect.ts";
import type { Sql, SqlValue } from "./sql.ts";

/** One checked event. */
export interface EventRow {
  readonly id: string;
  readonly event: string;
  /** Microseconds since 1970, UTC. */
  readonly timeUs: number;
  readonly user: string | null;
  readonly value: number | null;
  /** By name; a name that the catalogue does not declare is kept too. */
  readonly dimensions: Readonly<Record<string, string>> | null;
}

export interface WriteResult {
  readonly accepted: number;
  /** Events whose id was stored before, or came twice. */
  readonly duplicates: number;
}

/** What a query gives: one record a row. */
export type Row = Readonly<Record<string, SqlValue>>;
export type EventBatches = Iterable<readonly EventRow[]> | AsyncIterable<readonly EventRow[]>;

/**
 * What questions are asked of: one wide table `events` with `id`, `time_us`, `event`, `user_id`, `value`, a column
 * `d_<name>` per declared dimension, and `extra`, a JSON object of the other dimensions.
 */
export interface StoreReader {
  readonly dialect: Dialect;

  /**
   * Runs one query. An abort of `signal` stops it in the engine.
   *
   * @throws {StatsError} `ERR_STORE_UNAVAILABLE`; `ERR_QUERY_TIMEOUT` or `ERR_QUERY_CANCELLED` after an abort
   */
  read(query: Sql, signal?: AbortSignal): Promise<readonly Row[]>;
}

/** Where events live. */
export interface Store extends StoreReader {
  /** Grows with every write that stored something: what was computed under an older one may be stale. */
  readonly revision: number;

  /**
   * Stores events; resolves when they are on disk. Events whose id is there already change nothing.
   *
   * @throws {StatsError} `ERR_STORE_UNAVAILABLE`, `ERR_INGEST_BUSY`
   */
  write(rows: readonly EventRow[]): Promise<WriteResult>;

  /** Stores many batches in turn, some ten thousand events to a transaction. Other writes wait meanwhile. */
  writeAll(batches: EventBatches): Promise<WriteResult>;

  /** Finishes what was begun, then closes. */
  close(): Promise<void>;
}

/** The column that holds a declared dimension. */
export function dimensionColumn(dimension: string): string {
  return `d_${dimension}`;
}
