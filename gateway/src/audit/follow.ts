import { setImmediate as otherWorkFirst, setTimeout as sleep } from "node:timers/promises";
import type { Store } from "../store/store.ts";
import { type AuditFilter, matching } from "./audit-filter.ts";
import { type AuditLine, auditLine } from "./audit-line.ts";

export interface FollowDeps {
  readonly store: Store;
  readonly now: () => number;
}

const POLL_INTERVAL_MS = 500;
/** Postgres gives numbers before transactions commit, so that a lower one may appear later. For so long it is waited for. */
const GAP_LIFE_MS = 10_000;
/** Numbers of transactions that failed never appear; no more of them are looked for than this. */
const MAX_GAPS = 500;
const MAX_LINES_A_POLL = 1_000;
/** Before the start, so many numbers are looked at for gaps. */
const RECENT = 200;

/**
 * The lines written from now on, by whichever process, in the order of their numbers as far as they are there: a batch twice
 * a second, an empty one when there is nothing new.
 *
 * @param afterSeq Instead of now: what comes after this line. For a follower that lost its connection.
 */
export async function* followAudit(
  { store, now }: FollowDeps,
  filter: AuditFilter,
  signal: AbortSignal,
  afterSeq?: number,
): AsyncGenerator<readonly AuditLine[], void, undefined> {
  const start = afterSeq ?? (await lastSeq(store));
  // What was given a number before the start, and is not committed yet, belongs to what comes.
  const seen = createSeen(Math.max(0, start - RECENT));
  seen.take(await numbersUpTo(store, seen.last, start), now());
  while (!signal.aborted) {
    const fresh = seen.take(await numbersAfter(store, seen.last, seen.gaps(now())), now());
    yield await readLines(store, filter, fresh);
    // With more to come there is no pause, but other work goes first: SQLite answers without letting go of the thread.
    if (fresh.length === MAX_LINES_A_POLL) await otherWorkFirst();
    else await sleep(POLL_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
  }
}

interface Seen {
  readonly last: number;
  gaps(nowMs: number): readonly number[];
  /** Which of the numbers are new. Notes the gaps between them. */
  take(numbers: readonly number[], nowMs: number): readonly number[];
}

function createSeen(startSeq: number): Seen {
  let last = startSeq;
  const gaps = new Map<number, number>();
  return {
    get last() {
      return last;
    },
    gaps(nowMs) {
      for (const [seq, sinceMs] of gaps) if (nowMs - sinceMs > GAP_LIFE_MS || gaps.size > MAX_GAPS) gaps.delete(seq);
      return [...gaps.keys()];
    },
    take(numbers, nowMs) {
      for (const seq of numbers) {
        gaps.delete(seq);
        for (let missing = Math.max(last + 1, seq - MAX_GAPS); missing < seq; missing += 1) gaps.set(missing, nowMs);
        last = Math.max(last, seq);
      }
      return numbers;
    },
  };
}

async function numbersAfter(store: Store, last: number, gaps: readonly number[]): Promise<readonly number[]> {
  const rows = await store
    .selectFrom("audit_events")
    .select("seq")
    .where((eb) => (gaps.length === 0 ? eb("seq", ">", last) : eb.or([eb("seq", ">", last), eb("seq", "in", gaps)])))
    .orderBy("seq")
    .limit(MAX_LINES_A_POLL)
    .execute();
  return rows.map(({ seq }) => Number(seq));
}

async function numbersUpTo(store: Store, after: number, last: number): Promise<readonly number[]> {
  const numbers = store.selectFrom("audit_events").select("seq").where("seq", ">", after).where("seq", "<=", last);
  return [...(await numbers.orderBy("seq").execute()).map(({ seq }) => Number(seq)), last];
}

async function readLines(store: Store, filter: AuditFilter, numbers: readonly number[]): Promise<readonly AuditLine[]> {
  if (numbers.length === 0) return [];
  const rows = await store
    .selectFrom("audit_events")
    .selectAll()
    .where("seq", "in", numbers)
    .where(matching(filter))
    .orderBy("seq")
    .execute();
  return rows.map(auditLine);
}

async function lastSeq(store: Store): Promise<number> {
  const row = await store
    .selectFrom("audit_events")
    .select((eb) => eb.fn.max("seq").as("last"))
    .executeTakeFirst();
  return Number(row?.last ?? 0);
}
