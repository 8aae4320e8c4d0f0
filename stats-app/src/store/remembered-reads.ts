import { LRUCache } from "lru-cache";
import { renderSql, type Sql } from "./sql.ts";
import { stoppedRead } from "./stopped-read.ts";
import type { Row, Store, StoreReader } from "./store.ts";

/** Of all rows that are kept, with the queries that they answer. */
const MAX_BYTES = 32 * 1024 * 1024;
/** A number or a short text, with its share of the row. */
const BYTES_OF_VALUE = 64;

/** One run of the engine, and how many wait for it. */
interface Reading {
  readonly rows: Promise<readonly Row[]>;
  readonly ended: AbortController;
  askers: number;
}

/**
 * Gives rows that were read before from memory, and reads once what several ask at the same time. The same SQL with the same
 * values over the same data gives the same rows, so nothing is ever out of date: a write clears the memory, and what counts
 * up to now has now among its values.
 */
export function rememberReads(store: Store): StoreReader {
  const kept = new LRUCache<string, readonly Row[]>({ maxSize: MAX_BYTES, sizeCalculation: estimateBytes });
  const underWay = new Map<string, Reading>();
  let { revision } = store;

  const forgetOld = (): void => {
    if (revision === store.revision) return;
    revision = store.revision;
    kept.clear();
    underWay.clear();
  };
  const begin = (key: string, query: Sql): Reading => {
    const ended = new AbortController();
    const reading = { rows: store.read(query, ended.signal), ended, askers: 0 };
    underWay.set(key, reading);
    const settle = (rows?: readonly Row[]): void => {
      // A write that overtook it leaves it to those who wait, and to nobody after them.
      forgetOld();
      if (underWay.get(key) !== reading) return;
      underWay.delete(key);
      if (rows !== undefined) kept.set(key, rows);
    };
    reading.rows.then(settle, () => settle());
    return reading;
  };

  return {
    dialect: store.dialect,
    async read(query, signal) {
      if (signal?.aborted) throw stoppedRead(signal);
      forgetOld();
      const { text, values } = renderSql(query);
      const key = JSON.stringify([text, values]);
      const rows = kept.get(key);
      if (rows !== undefined) return rows;
      const reading = underWay.get(key);
      return await join(reading === undefined || reading.ended.signal.aborted ? begin(key, query) : reading, signal);
    },
  };
}

/** Waits for a reading. Who leaves leaves alone; the last one ends it. */
async function join(reading: Reading, signal: AbortSignal | undefined): Promise<readonly Row[]> {
  reading.askers += 1;
  if (signal === undefined) return reading.rows;
  const left = Promise.withResolvers<never>();
  const leave = (): void => {
    reading.askers -= 1;
    if (reading.askers === 0) reading.ended.abort(signal.reason);
    left.reject(stoppedRead(signal));
  };
  signal.addEventListener("abort", leave, { once: true });
  try {
    return await Promise.race([reading.rows, left.promise]);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

function estimateBytes(rows: readonly Row[], key: string): number {
  const columns = Object.keys(rows[0] ?? {}).length;
  return key.length + rows.length * columns * BYTES_OF_VALUE;
}
