import { isPostgres } from "@gatehouse/service/store";
import { type Kysely, sql } from "kysely";
import type { Schema } from "./schema.ts";

/** What writers of `changes` hold until they commit. Any number that other software in the same database does not use. */
const CHANGES_LOCK = 7_145_902_338_110_643n;
/** What NOTIFY and LISTEN call our changes. */
export const CHANGES_CHANNEL = "gatehouse_changes";

/**
 * Appends to `changes` so that numbers become visible in their order. On Postgres a lower number could be committed after a
 * higher one, and readers who ask for "more than the last" would never see it: hence one writer at a time. Those who listen are
 * woken by the commit.
 */
export async function appendChange(
  db: Kysely<Schema>,
  change: { readonly kind: string; readonly key: string; readonly at: string },
): Promise<void> {
  if (!isPostgres(db)) {
    await db.insertInto("changes").values(change).execute();
    return;
  }
  const { kind, key, at } = change;
  // One statement, so that it holds outside a transaction too: the number is drawn after the lock is held.
  await sql`
    insert into changes (kind, key, at)
    select ${kind}, ${key}, ${at}
    from pg_advisory_xact_lock(${CHANGES_LOCK.toString()}::bigint), pg_notify(${CHANGES_CHANNEL}, '')`.execute(db);
}
