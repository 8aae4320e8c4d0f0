import type { Transaction } from "kysely";
import { type By, recordAuditEvent } from "../audit/event.ts";
import { type ChangeFeed, recordChange } from "../store/change-feed.ts";
import type { Schema } from "../store/schema.ts";
import type { Store } from "../store/store.ts";

/** What was revoked before its time. In memory, kept up to date by the change feed. */
export interface Revocations {
  /**
   * JWTs for this audience with an earlier `iat` are dead, and new ones are minted with `iat` = max(now, this): `iat` has whole
   * seconds, so a JWT of the same second as a revoke could not be told apart otherwise. 0 where nothing was revoked.
   */
  notBeforeSeconds(aud: string): number;
  /** Ends every JWT of an application, bots' and people's, everywhere within a second. Who is let in again gets a new one. */
  revokeApplication(application: RevokedApplication, by: By): Promise<void>;
  /** Ends every session of an e-mail address, whatever its case, everywhere within a second. Gives how many there were. */
  revokePerson(email: string, by: By): Promise<number>;
}

interface RevokedApplication {
  readonly id: string;
  readonly name: string;
  readonly aud: string;
}

export interface RevocationsDeps {
  readonly store: Store;
  readonly feed: ChangeFeed;
  readonly now: () => number;
}

const scopeOf = (aud: string) => `application ${aud}`;

export async function openRevocations(deps: RevocationsDeps): Promise<Revocations> {
  const byScope = new Map<string, number>();
  for (const row of await deps.store.selectFrom("revocations").selectAll().execute()) {
    byScope.set(row.scope, row.not_before_seconds);
  }
  deps.feed.subscribe("revocation", async (scope) => {
    const row = await readScope(deps.store, scope);
    if (row !== undefined) byScope.set(scope, row.not_before_seconds);
  });
  return {
    notBeforeSeconds: (aud) => byScope.get(scopeOf(aud)) ?? 0,
    revokeApplication: (application, by) => revokeApplication(application, by, deps),
    revokePerson: (email, by) => revokePerson(email, by, deps),
  };
}

async function revokeApplication({ id, name, aud }: RevokedApplication, by: By, deps: RevocationsDeps): Promise<void> {
  const nowMs = deps.now();
  const scope = scopeOf(aud);
  await deps.store.transaction().execute(async (transaction) => {
    await recordChange(transaction, "revocation", scope, nowMs);
    const known = await readScope(transaction, scope);
    // Past everything minted so far, also when a revoke came twice in one second.
    const not_before_seconds = Math.max((known?.not_before_seconds ?? 0) + 1, Math.floor(nowMs / 1000) + 1);
    await transaction
      .insertInto("revocations")
      .values({ scope, not_before_seconds })
      .onConflict((conflict) => conflict.column("scope").doUpdateSet({ not_before_seconds }))
      .execute();
    const event = { kind: "change", event: "application.revoked", isAllowed: true, reason: "" } as const;
    await recordAuditEvent(transaction, { ...by, ...event, application: { id, name } }, nowMs);
  });
  await deps.feed.poll();
}

function readScope(store: Store | Transaction<Schema>, scope: string) {
  return store.selectFrom("revocations").selectAll().where("scope", "=", scope).executeTakeFirst();
}

async function revokePerson(email: string, by: By, deps: RevocationsDeps): Promise<number> {
  const nowMs = deps.now();
  const ended = await deps.store.transaction().execute(async (transaction) => {
    const rows = await transaction
      .deleteFrom("sessions")
      .where("email", "=", email.toLowerCase())
      .returning("id")
      .execute();
    for (const { id } of rows) await recordChange(transaction, "session", id, nowMs);
    const detail = { email: email.toLowerCase(), sessions: rows.length };
    const event = { kind: "change", event: "user.revoked", isAllowed: true, reason: "" } as const;
    await recordAuditEvent(transaction, { ...by, ...event, detail }, nowMs);
    return rows.length;
  });
  await deps.feed.poll();
  return ended;
}
