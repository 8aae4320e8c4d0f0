import type { DuckDBConnection } from "@duckdb/node-api";
import { StatsError } from "../errors.ts";
import { quoted } from "./duckdb-schema.ts";
import { appendRows, type StagedRow } from "./event-columns.ts";
import type { EventBatches, EventRow, WriteResult } from "./store.ts";

/** Rows that wait for the disk before more are refused: about 100 MB of events. */
const MAX_WAITING_ROWS = 250_000;
/** Rows stored in one transaction, when that many wait. */
const MAX_GROUP_ROWS = 50_000;

const NOTHING: WriteResult = { accepted: 0, duplicates: 0 };

interface Waiting {
  readonly rows: readonly EventRow[];
  readonly done: PromiseWithResolvers<WriteResult>;
}

/**
 * The one connection that writes. Batches that arrive while a transaction runs are stored together in the next (group
 * commit), so that many small requests share one flush to disk.
 */
export class DuckdbWriter {
  readonly #connection: DuckDBConnection;
  readonly #dimensions: readonly string[];
  readonly #columns: string;
  #waiting: Waiting[] = [];
  #waitingRows = 0;
  /** Ends when everything that was asked for so far is stored. */
  #tail: Promise<void> = Promise.resolve();
  revision = 0;

  constructor(connection: DuckDBConnection, dimensions: readonly string[]) {
    this.#connection = connection;
    this.#dimensions = dimensions;
    this.#columns = ["event", "user_id", "value", "extra", ...dimensions.map(quoted)].join(", ");
  }

  async write(rows: readonly EventRow[]): Promise<WriteResult> {
    if (rows.length === 0) return NOTHING;
    if (this.#waitingRows + rows.length > MAX_WAITING_ROWS && this.#waitingRows > 0) {
      throw new StatsError("ERR_INGEST_BUSY", "Too many events wait to be stored: send this batch again in a second.");
    }
    const done = Promise.withResolvers<WriteResult>();
    this.#waiting.push({ rows, done });
    this.#waitingRows += rows.length;
    this.#next(() => this.#storeGroup());
    return done.promise;
  }

  writeAll(batches: EventBatches): Promise<WriteResult> {
    const done = Promise.withResolvers<WriteResult>();
    this.#next(() => this.#storeAll(batches).then(done.resolve, done.reject));
    return done.promise;
  }

  async close(): Promise<void> {
    await this.#tail;
    this.#connection.closeSync();
  }

  #next(step: () => Promise<void>): void {
    this.#tail = this.#tail.then(step);
  }

  async #storeGroup(): Promise<void> {
    const group = this.#takeGroup();
    if (group.length === 0) return;
    try {
      const results = await this.#transaction(() => this.#insert(group.map(({ rows }) => rows)));
      for (const [index, { done }] of group.entries()) done.resolve(results[index] ?? NOTHING);
    } catch (cause) {
      for (const { done } of group) done.reject(unavailable(cause));
    }
  }

  #takeGroup(): Waiting[] {
    const group: Waiting[] = [];
    for (let size = 0; this.#waiting.length > 0 && size < MAX_GROUP_ROWS; ) {
      const [next] = this.#waiting.splice(0, 1);
      if (next === undefined) break;
      group.push(next);
      size += next.rows.length;
      this.#waitingRows -= next.rows.length;
    }
    return group;
  }

  async #storeAll(batches: EventBatches): Promise<WriteResult> {
    const sum = { accepted: 0, duplicates: 0 };
    const store = async (rows: readonly EventRow[]) => {
      const [result] = await this.#transaction(() => this.#insert([rows]));
      sum.accepted += result?.accepted ?? 0;
      sum.duplicates += result?.duplicates ?? 0;
    };
    // While the engine stores one group on its threads, the next is read and checked on ours.
    let storing = Promise.resolve();
    try {
      for await (const rows of gather(batches)) {
        await storing;
        storing = store(rows);
        storing.catch(() => undefined);
      }
    } finally {
      await storing;
    }
    return sum;
  }

  async #transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#connection.run("BEGIN");
    try {
      const result = await work();
      await this.#connection.run("COMMIT");
      this.revision += 1;
      return result;
    } catch (error) {
      await this.#connection.run("ROLLBACK").catch(() => undefined);
      throw error;
    }
  }

  /** Stores batches within the open transaction and says for each how many were new. */
  async #insert(batches: readonly (readonly EventRow[])[]): Promise<WriteResult[]> {
    const repeated = await this.#stage(batches);
    // Both sides are hashes of the id; the smaller, incoming side is the one that is kept in memory.
    await this.#connection.run(
      `CREATE OR REPLACE TEMP TABLE known AS
         SELECT batch, hash FROM (SELECT batch, md5_number(id) AS hash FROM incoming) SEMI JOIN events ON events.id = hash`,
    );
    await this.#connection.run(
      `INSERT INTO events (id, time_us, ${this.#columns})
         SELECT hash, time_us, ${this.#columns}
         FROM (SELECT *, md5_number(id) AS hash FROM incoming) AS fresh ANTI JOIN known ON known.hash = fresh.hash`,
    );
    const known = await this.#connection.runAndReadAll("SELECT batch, count(*) FROM known GROUP BY batch");
    await this.#connection.run("TRUNCATE incoming");
    const stored = new Map(known.getRows().map(([batch, count]) => [Number(batch), Number(count)]));
    return batches.map(({ length }, batch) => {
      const duplicates = (repeated[batch] ?? 0) + (stored.get(batch) ?? 0);
      return { accepted: length - duplicates, duplicates };
    });
  }

  /** Copies batches into the staging table, each id once; gives how many of each batch repeat an id before them. */
  async #stage(batches: readonly (readonly EventRow[])[]): Promise<readonly number[]> {
    const rows = batches.flatMap((events, batch) => events.map((row) => ({ row, batch })));
    await appendRows(this.#connection, rows, this.#dimensions);
    // Repeats within a transaction are rare, and looking for them here would cost more than storing: the engine looks.
    const counts = await this.#connection.runAndReadAll("SELECT count(*) - count(DISTINCT id) FROM incoming");
    if (Number(counts.getRows()[0]?.[0]) === 0) return [];
    await this.#connection.run("TRUNCATE incoming");
    const once = withoutRepeats(rows);
    await appendRows(this.#connection, once, this.#dimensions);
    const kept = new Map<number, number>();
    for (const { batch } of once) kept.set(batch, (kept.get(batch) ?? 0) + 1);
    return batches.map(({ length }, batch) => length - (kept.get(batch) ?? 0));
  }
}

/** Joins small batches: a transaction costs as much for a hundred events as for thousands. */
async function* gather(batches: EventBatches): AsyncGenerator<readonly EventRow[]> {
  let rows: EventRow[] = [];
  for await (const batch of batches) {
    rows = rows.length === 0 ? [...batch] : rows.concat(batch);
    if (rows.length < MAX_GROUP_ROWS) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}

/** Of the events with one id, the first stays. */
function withoutRepeats(rows: readonly StagedRow[]): StagedRow[] {
  const seen = new Set<string>();
  return rows.filter(({ row: { id } }) => !seen.has(id) && seen.add(id));
}

function unavailable(cause: unknown): StatsError {
  return new StatsError("ERR_STORE_UNAVAILABLE", "The events could not be stored; nothing of this batch was kept.", {
    cause,
  });
}
