import { setImmediate as otherWorkFirst } from "node:timers/promises";
import type { Store } from "../store/store.ts";
import { type AuditFilter, matching } from "./audit-filter.ts";
import { type AuditLine, auditLine } from "./audit-line.ts";

export interface ScanOptions {
  readonly direction?: "newest_first" | "oldest_first";
  /** Start after this line, in the scan's direction. */
  readonly fromSeq?: number | undefined;
  /** So many lines of the result are counted, and not given. Default 0. */
  readonly skip?: number;
  /** Default: all. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** Looked at in one statement: SQLite answers in the request path's own thread, so that no statement may take long. */
const CHUNK_LINES = 5_000;
/** Held in memory at once. */
const MAX_BATCH_LINES = 1_000;

interface Bounds {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads the lines that match, in batches. However few match and however long the log is, each statement looks at a bounded
 * part of it, and other work runs between two of them.
 */
export async function* scanAudit(
  store: Store,
  filter: AuditFilter,
  { direction = "newest_first", fromSeq, skip = 0, limit = Number.POSITIVE_INFINITY, signal }: ScanOptions,
): AsyncGenerator<readonly AuditLine[], void, undefined> {
  let { first, last } = await boundsOf(store, filter);
  const isDown = direction === "newest_first";
  if (fromSeq !== undefined && isDown) last = Math.min(last, fromSeq - 1);
  if (fromSeq !== undefined && !isDown) first = Math.max(first, fromSeq + 1);
  let toSkip = skip;
  let wanted = limit;
  while (first <= last && wanted > 0 && signal?.aborted !== true) {
    const chunk = isDown
      ? { first: Math.max(first, last - CHUNK_LINES + 1), last }
      : { first, last: Math.min(last, first + CHUNK_LINES - 1) };
    const atMost = Math.min(MAX_BATCH_LINES, toSkip + wanted);
    const found = await readChunk(store, filter, chunk, direction, atMost);
    const end = found.length === atMost ? found.at(-1)?.seq : undefined;
    if (isDown) last = (end ?? chunk.first) - 1;
    else first = (end ?? chunk.last) + 1;
    const given = found.slice(toSkip);
    toSkip -= found.length - given.length;
    wanted -= given.length;
    if (given.length > 0) yield given;
    await otherWorkFirst();
  }
}

async function readChunk(
  store: Store,
  filter: AuditFilter,
  { first, last }: Bounds,
  direction: ScanOptions["direction"],
  atMost: number,
): Promise<readonly AuditLine[]> {
  const rows = await store
    .selectFrom("audit_events")
    .selectAll()
    .where("seq", ">=", first)
    .where("seq", "<=", last)
    .where(matching(filter))
    .orderBy("seq", direction === "newest_first" ? "desc" : "asc")
    .limit(atMost)
    .execute();
  return rows.map(auditLine);
}

/** Where the lines can be. Those of a short time are found by the index on `at`; of a long one, anywhere. */
async function boundsOf(store: Store, { sinceMs, untilMs }: AuditFilter): Promise<Bounds> {
  const first = await endOf(store, "asc");
  const last = await endOf(store, "desc");
  const since = sinceMs === undefined ? undefined : await boundOf(store, ">=", sinceMs);
  const until = untilMs === undefined ? undefined : await boundOf(store, "<=", untilMs);
  return { first: since ?? first ?? 1, last: until ?? last ?? 0 };
}

async function endOf(store: Store, direction: "asc" | "desc"): Promise<number | undefined> {
  const row = await store
    .selectFrom("audit_events")
    .select("seq")
    .orderBy("seq", direction)
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : Number(row.seq);
}

/** The first line since an instant, or the last until it, if not too many are on that side of it. */
async function boundOf(store: Store, side: ">=" | "<=", atMs: number): Promise<number | undefined> {
  const row = await store
    .selectFrom((eb) =>
      eb
        .selectFrom("audit_events")
        .select("seq")
        .where("at", side, new Date(atMs).toISOString())
        .orderBy("at", side === ">=" ? "asc" : "desc")
        .limit(CHUNK_LINES)
        .as("near"),
    )
    .select(({ fn }) => [fn.countAll().as("lines"), fn.min("seq").as("first"), fn.max("seq").as("last")])
    .executeTakeFirst();
  const lines = Number(row?.lines ?? 0);
  if (lines >= CHUNK_LINES) return undefined;
  if (lines === 0) return side === ">=" ? Number.MAX_SAFE_INTEGER : 0;
  return Number(side === ">=" ? row?.first : row?.last);
}
