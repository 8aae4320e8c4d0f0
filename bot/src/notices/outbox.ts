import type { Store } from "../store/store.ts";
import { noticeId, type TokenNotice } from "./token-notice.ts";

/** Notices on their way, in the store that all replicas share. */
export interface Outbox {
  /** Puts it down for each recipient, unless it is there already: posted, on its way, or waiting. */
  add(notice: TokenNotice, recipients: readonly string[]): Promise<void>;
  /** Takes one that is due; nobody else gets it for ten minutes. */
  take(recipients: readonly string[]): Promise<TakenNotice | undefined>;
  markPosted(taken: TakenNotice): Promise<void>;
  /** It was not posted: it is due again after a minute, doubled with each try up to an hour. */
  putBack(taken: TakenNotice): Promise<void>;
  /** Forgets what waits about a token's end, but for the notice that is still true. */
  withdrawExpiring(clientId: string, except: TokenNotice | undefined): Promise<void>;
}

export interface TakenNotice {
  readonly id: string;
  readonly recipient: string;
  readonly notice: TokenNotice;
  readonly tries: number;
}

/** Far above what Slack's client takes with all its retries: whoever holds one for longer was killed. */
const HOLD_MS = 10 * 60_000;
const FIRST_WAIT_MS = 60_000;
const MAX_WAIT_MS = 3_600_000;
/** What could not be posted for so long is no news any more. */
const STALE_AFTER_MS = 7 * 24 * 3_600_000;

export function createOutbox(store: Store, now: () => number): Outbox {
  const instant = (offsetMs = 0): string => new Date(now() + offsetMs).toISOString();
  const row = ({ id, recipient }: TakenNotice) =>
    store.updateTable("notices").where("id", "=", id).where("recipient", "=", recipient).where("posted_at", "is", null);
  return {
    async add(notice, recipients) {
      const { kind, clientId } = notice;
      const about = {
        id: noticeId(notice),
        kind,
        client_id: clientId,
        facts: JSON.stringify(notice),
        tries: 0,
        posted_at: null,
      };
      const rows = recipients.map((recipient) => ({
        ...about,
        recipient,
        created_at: instant(),
        held_until: instant(),
      }));
      if (rows.length === 0) return;
      await store
        .insertInto("notices")
        .values(rows)
        .onConflict((conflict) => conflict.columns(["id", "recipient"]).doNothing())
        .execute();
    },
    take: (recipients) => take(store, recipients, instant),
    async markPosted(taken) {
      await row(taken).set({ posted_at: instant() }).execute();
    },
    async putBack(taken) {
      const waitMs = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** (taken.tries - 1));
      await row(taken)
        .set({ held_until: instant(waitMs) })
        .execute();
    },
    async withdrawExpiring(clientId, except) {
      await store
        .deleteFrom("notices")
        .where("kind", "=", "expiring")
        .where("client_id", "=", clientId)
        .where("posted_at", "is", null)
        .where("id", "!=", except === undefined ? "" : noticeId(except))
        .execute();
    },
  };
}

async function take(
  store: Store,
  recipients: readonly string[],
  instant: (offsetMs?: number) => string,
): Promise<TakenNotice | undefined> {
  if (recipients.length === 0) return undefined;
  for (;;) {
    const due = await store
      .selectFrom("notices")
      .selectAll()
      .where("posted_at", "is", null)
      .where("held_until", "<=", instant())
      .where("created_at", ">", instant(-STALE_AFTER_MS))
      .where("recipient", "in", recipients)
      .orderBy("created_at")
      .executeTakeFirst();
    if (due === undefined) return undefined;
    const { id, recipient, facts, held_until: heldUntil } = due;
    const tries = due.tries + 1;
    const { numUpdatedRows } = await store
      .updateTable("notices")
      .set({ held_until: instant(HOLD_MS), tries })
      .where("id", "=", id)
      .where("recipient", "=", recipient)
      .where("held_until", "=", heldUntil)
      .where("posted_at", "is", null)
      .executeTakeFirstOrThrow();
    // Another replica was faster: look for another one.
    if (numUpdatedRows === 1n) return { id, recipient, notice: JSON.parse(facts) as TokenNotice, tries };
  }
}
