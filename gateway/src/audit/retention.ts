import { setTimeout as sleep } from "node:timers/promises";
import type { Store } from "../store/store.ts";

export interface RetentionDeps {
  readonly store: Store;
  readonly now: () => number;
  readonly retentionMs: number;
}

/** Few enough that nobody waits for the lock. */
const BATCH_LINES = 200;
const PAUSE_MS = 50;

/** Deletes lines that are older than they may be, in small steps. Two gateways at once do no harm. */
export async function deleteOldLines({ store, now, retentionMs }: RetentionDeps, signal: AbortSignal): Promise<void> {
  const horizon = new Date(now() - retentionMs).toISOString();
  while (!signal.aborted) {
    const { numDeletedRows } = await store
      .deleteFrom("audit_events")
      .where("seq", "in", (eb) =>
        eb.selectFrom("audit_events").select("seq").where("at", "<", horizon).orderBy("at").limit(BATCH_LINES),
      )
      .executeTakeFirst();
    if (Number(numDeletedRows) < BATCH_LINES) return;
    await sleep(PAUSE_MS);
  }
}
