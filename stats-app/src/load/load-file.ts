import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { StatsError } from "../errors.ts";
import { isTimeZone } from "../query/time-zone.ts";
import type { EventRow, Store, WriteResult } from "../store/store.ts";
import type { LoadOptions } from "./load-options.ts";
import { checkColumns, columnsOf, openSource } from "./open-source.ts";
import type { Rejects } from "./rejects.ts";
import { createRowCheck, type RowCheck } from "./row-check.ts";
import type { BadRow, RawBatch, Source } from "./source.ts";

export interface LoadDeps {
  readonly store: Store;
  readonly rejects: Rejects;
  /** Microseconds since 1970. */
  readonly nowUs: number;
  /** Told how much of the file's size is read. */
  readonly onProgress: (done: number, size: number) => void;
}

/**
 * Loads a file into the store: reads, checks, stores what is good, in transactions of some ten thousand rows. With
 * `isStrict` the whole file is checked first, and nothing is stored when a row is bad.
 *
 * @throws {StatsError} `ERR_LOAD_FILE`, `ERR_LOAD_COLUMN`, `ERR_LOAD_REJECTED`, `ERR_STORE_UNAVAILABLE`
 */
export async function loadFile(options: LoadOptions, deps: LoadDeps): Promise<WriteResult> {
  if (!isTimeZone(options.timeZone)) {
    throw new StatsError("ERR_LOAD_FILE", `${options.timeZone} is not an IANA time zone, such as Europe/Berlin.`);
  }
  const source = await openSource(options.file);
  try {
    checkColumns(source, options);
    const check = createRowCheck(options, `${options.event}:${await contentHash(options.file)}`, deps.nowUs);
    const columns = { time: options.timeColumn, value: options.valueColumn, all: columnsOf(options) };
    const passes = options.isStrict ? 2 : 1;
    const rows = (pass: number) => {
      const onProgress = (done: number) => deps.onProgress(done + pass * source.size, passes * source.size);
      return goodRows(source, source.read(columns), check, { rejects: deps.rejects, onProgress });
    };
    if (options.isStrict) await refuseBadRows(rows(0), deps.rejects);
    return await deps.store.writeAll(rows(passes - 1));
  } finally {
    source.close();
  }
}

async function refuseBadRows(batches: AsyncIterable<unknown>, rejects: Rejects): Promise<void> {
  for await (const _ of batches);
  if (rejects.count === 0) return;
  throw new StatsError("ERR_LOAD_REJECTED", "The file has bad rows, so nothing of it was kept.");
}

async function* goodRows(
  { place }: Source,
  batches: AsyncIterable<RawBatch>,
  check: RowCheck,
  { rejects, onProgress }: { readonly rejects: Rejects; readonly onProgress: (done: number) => void },
): AsyncGenerator<readonly EventRow[]> {
  for await (const batch of batches) {
    const { rows, bad } = checkBatch(batch, check);
    for (const { line, problem } of bad) rejects.add(place, line, problem);
    onProgress(batch.done);
    yield rows;
  }
}

function checkBatch(batch: RawBatch, check: RowCheck): { rows: EventRow[]; bad: BadRow[] } {
  const rows: EventRow[] = [];
  const bad: BadRow[] = [...batch.broken];
  for (const [row, line] of batch.lines.entries()) {
    const checked = check(batch, row);
    if ("row" in checked) rows.push(checked.row);
    else bad.push({ line, problem: checked.problem });
  }
  return { rows, bad: bad.sort((a, b) => a.line - b.line) };
}

/** The first 64 bits of the content's SHA-256: the same file has the same ids wherever it lies. */
async function contentHash(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest("hex").slice(0, 16);
}
