import type { Store } from "../store/store.ts";

export interface SpentTicketsDeps {
  readonly store: Store;
  readonly now: () => number;
}

/** Whether this is the first use of a ticket. Of all who come with the same one, to any gateway on this store, one is first. */
export async function spendOnce({ store, now }: SpentTicketsDeps, id: string, expiresAtMs: number): Promise<boolean> {
  const insert = store.insertInto("spent_tickets").values({ id, expires_at: new Date(expiresAtMs).toISOString() });
  const { numInsertedOrUpdatedRows } = await insert
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  const horizon = new Date(now()).toISOString();
  await store.deleteFrom("spent_tickets").where("expires_at", "<", horizon).execute();
  return numInsertedOrUpdatedRows === 1n;
}
