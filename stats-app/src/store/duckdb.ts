import { chmodSync } from "node:fs";
import { dirname } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { makePrivateFolder } from "@gatehouse/service";
import { StatsError } from "../errors.ts";
import { duckdbDialect } from "./dialect.ts";
import { DuckdbReaders } from "./duckdb-readers.ts";
import { prepareSchema } from "./duckdb-schema.ts";
import { DuckdbWriter } from "./duckdb-writer.ts";
import type { Store } from "./store.ts";

export interface DuckdbStoreOptions {
  /** The database file; its folder is made when missing. `:memory:` keeps nothing. */
  readonly file: string;
  /** Names of the dimensions that get a column of their own. */
  readonly dimensions: readonly string[];
  /** What DuckDB may use, as it writes it: `1GB`. */
  readonly memoryLimit: string;
  /** Default: one per core. */
  readonly threads?: number | undefined;
}

/** Each holds a thread of Node's pool of four while it runs; one is left for the writer. */
const READERS = 3;

/**
 * Opens the store on one DuckDB file.
 *
 * @throws {StatsError} `ERR_STORE_LOCKED` when another process has it, `ERR_STORE_UNAVAILABLE`
 */
export async function openDuckdbStore(options: DuckdbStoreOptions): Promise<Store> {
  const instance = await openInstance(options);
  try {
    const writing = await instance.connect();
    const dimensions = await prepareSchema(writing, options.dimensions);
    const readers = new DuckdbReaders(await connectAll(instance, READERS));
    return storeOf(instance, new DuckdbWriter(writing, dimensions), readers);
  } catch (cause) {
    instance.closeSync();
    throw new StatsError("ERR_STORE_UNAVAILABLE", `The database ${options.file} cannot be prepared.`, { cause });
  }
}

function storeOf(instance: DuckDBInstance, writer: DuckdbWriter, readers: DuckdbReaders): Store {
  return {
    dialect: duckdbDialect,
    get revision() {
      return writer.revision;
    },
    read: (query, signal) => readers.read(query, signal),
    write: (rows) => writer.write(rows),
    writeAll: (batches) => writer.writeAll(batches),
    async close() {
      await writer.close();
      await readers.close();
      instance.closeSync();
    },
  };
}

async function openInstance({ file, memoryLimit, threads }: DuckdbStoreOptions): Promise<DuckDBInstance> {
  try {
    if (file !== ":memory:") makePrivateFolder(dirname(file));
    const instance = await DuckDBInstance.create(file, {
      memory_limit: memoryLimit,
      // A checkpoint stalls writes; with the default of 16 MB they would come every few seconds under load.
      checkpoint_threshold: "256MB",
      preserve_insertion_order: "false",
      // Questions are SQL of ours with bound values. Should one slip in that is not, it reaches this file and no other.
      enable_external_access: "false",
      lock_configuration: "true",
      ...(threads === undefined ? {} : { threads: String(threads) }),
    });
    // It says who did what: to its owner only.
    if (file !== ":memory:") chmodSync(file, 0o600);
    return instance;
  } catch (cause) {
    throw openError(file, cause);
  }
}

function openError(file: string, cause: unknown): StatsError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (!/could not set lock|conflicting lock/i.test(reason)) {
    return new StatsError("ERR_STORE_UNAVAILABLE", `The database ${file} cannot be opened: ${firstLine(reason)}`, {
      cause,
    });
  }
  const holder = /PID (\d+)/.exec(reason)?.[1];
  const who = holder === undefined ? "Another process" : `The process ${holder}`;
  const advice = "Stop it (npm start or npm run stats-app), then try again.";
  return new StatsError("ERR_STORE_LOCKED", `${who} has the database ${file} open. ${advice}`, { cause });
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

async function connectAll(instance: DuckDBInstance, count: number): Promise<DuckDBConnection[]> {
  return Promise.all(Array.from({ length: count }, () => instance.connect()));
}
