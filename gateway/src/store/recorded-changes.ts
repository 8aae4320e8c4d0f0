import type { Schema } from "./schema.ts";
import type { Store } from "./store.ts";

/** A row of `changes`. */
export type Change = { readonly [Column in keyof Schema["changes"]]: Column extends "seq" ? number : string };

/** Changes older than this have been seen by every process that still runs … */
const KEEP_MS = 7 * 24 * 3_600_000;
/** … and so many are kept whatever their age, for a clock may jump. */
const KEEP_COUNT = 10_000;

export function readLastChange(store: Store): Promise<Change | undefined> {
  return store.selectFrom("changes").selectAll().orderBy("seq", "desc").limit(1).executeTakeFirst();
}

/** Read at once: after a long outage there may be many. */
const BATCH_SIZE = 1_000;

/**
 * The next changes after the last known one; empty when there are none. That one is read once more: where it is not as it was, the numbers do not continue from it.
 */
export async function readChangesAfter(store: Store, last: Change | undefined): Promise<readonly Change[]> {
  const since = store
    .selectFrom("changes")
    .selectAll()
    .where("seq", ">=", last?.seq ?? 0);
  const changes = await since
    .orderBy("seq")
    .limit(BATCH_SIZE + 1)
    .execute();
  if (last === undefined) return changes;
  const [known, ...news] = changes;
  if (known?.seq === last.seq && known.at === last.at && known.key === last.key) return news;
  throw new Error("the database is not the one it was (restored, or emptied): restart the gateway");
}

export async function deleteOldChanges(store: Store, last: Change | undefined, nowMs: number): Promise<void> {
  const horizon = new Date(nowMs - KEEP_MS).toISOString();
  await store
    .deleteFrom("changes")
    .where("at", "<", horizon)
    .where("seq", "<", (last?.seq ?? 0) - KEEP_COUNT)
    .execute();
}
