import { existsSync } from "node:fs";
import { StatsError } from "../errors.ts";
import { openCsv } from "./csv-source.ts";
import type { LoadOptions } from "./load-options.ts";
import { openNdjson } from "./ndjson-source.ts";
import { openParquet } from "./parquet-source.ts";
import type { Source } from "./source.ts";

/**
 * Opens a file by the ending of its name.
 *
 * @throws {StatsError} `ERR_LOAD_FILE`
 */
export async function openSource(file: string): Promise<Source> {
  if (!existsSync(file)) throw new StatsError("ERR_LOAD_FILE", `There is no file ${file}.`);
  if (/\.(?:csv|tsv)(?:\.gz)?$/i.test(file)) return openCsv(file);
  if (/\.(?:ndjson|jsonl)(?:\.gz)?$/i.test(file)) return openNdjson(file);
  if (/\.parquet$/i.test(file)) return openParquet(file);
  throw new StatsError("ERR_LOAD_FILE", `${file} must end in .csv, .tsv, .ndjson, .jsonl (.gz too) or .parquet.`);
}

/** The file's columns that the options name: time, id, user, value, then dimensions. */
export function columnsOf(options: LoadOptions): string[] {
  const { timeColumn, idColumn, userColumn, valueColumn, dimensions } = options;
  const named = [idColumn, userColumn, valueColumn].filter((column) => column !== undefined);
  return [...new Set([timeColumn, ...named, ...dimensions.map(({ column }) => column)])];
}

/**
 * Holds the named columns against the file's.
 *
 * @throws {StatsError} `ERR_LOAD_COLUMN`, with the columns that there are
 */
export function checkColumns({ columns }: Source, options: LoadOptions): void {
  const missing = columnsOf(options).filter((column) => !columns.includes(column));
  if (missing.length === 0) return;
  const which = missing.length === 1 ? `has no column ${missing[0]}` : `has no columns ${missing.join(", ")}`;
  throw new StatsError("ERR_LOAD_COLUMN", `${options.file} ${which}. Its columns are: ${columns.join(", ")}.`);
}
