import { StatsError } from "../errors.ts";
import { type DuckdbStoreOptions, openDuckdbStore } from "./duckdb.ts";
import type { Store } from "./store.ts";

/**
 * Opens the store that a database URL names; its scheme picks the engine.
 *
 * @throws {StatsError} `ERR_STORE_UNSUPPORTED`, `ERR_STORE_LOCKED`, `ERR_STORE_UNAVAILABLE`
 */
export function openStore(url: string, options: Omit<DuckdbStoreOptions, "file">): Promise<Store> {
  return openDuckdbStore({ ...options, file: databaseFile(url) });
}

/** `file:path`, `file:/path` or `file:///path`; relative paths start where the process was started. */
function databaseFile(url: string): string {
  const file = /^file:(?:\/\/(?=\/))?(.+)$/.exec(url)?.[1];
  if (file !== undefined) return file;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1] ?? "none";
  throw new StatsError(
    "ERR_STORE_UNSUPPORTED",
    `STATS_DATABASE_URL has the scheme ${scheme}; this version stores in file:PATH.`,
  );
}
