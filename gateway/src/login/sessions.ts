import { randomBytes } from "node:crypto";
import { LRUCache } from "lru-cache";
import { type By, recordAuditEvent } from "../audit/event.ts";
import type { SecretBox } from "../keys/secret-box.ts";
import type { ConfigurationSource } from "../policies/configuration.ts";
import type { Subject } from "../request/authorize.ts";
import { type ChangeFeed, recordChange } from "../store/change-feed.ts";
import type { Store } from "../store/store.ts";
import { rememberPerson } from "./people.ts";
import { instant, rowOf, type Session, sessionOf } from "./session-row.ts";

export type { Session } from "./session-row.ts";

export interface Sessions {
  /** Notes the login, and the person in the list of those who logged in. */
  begin(person: Omit<Session, "id" | "createdAtMs">, idToken: string): Promise<Session>;
  /** The live session, or undefined when it ended or never was. From memory after the first look. */
  find(id: string): Promise<Session | undefined> | Session | undefined;
  /** Lets it live at least until then: an application's JWTs may outlive the login for all of them. */
  extend(session: Session, untilMs: number): Promise<void>;
  /** Ends it, in force everywhere within a second. Gives the identity provider's id_token, to end its session too. */
  end(id: string): Promise<string | undefined>;
  /** Ends one on an admin's word. False when it had ended before. */
  revoke(id: string, by: By): Promise<boolean>;
}

export interface SessionsDeps {
  readonly store: Store;
  readonly feed: ChangeFeed;
  readonly box: SecretBox;
  readonly configuration: ConfigurationSource;
  readonly now: () => number;
}

const SESSION_ID_BYTES = 16;
const MAX_CACHED = 50_000;
/** People in hundreds of groups take twenty times the room of others. */
const MAX_CACHED_BYTES = 128 * 1_024 * 1_024;
const BYTES_WITHOUT_CLAIMS = 1_024;
const sealingPurpose = (id: string) => `id_token of session ${id}`;

export function createSessions(deps: SessionsDeps): Sessions {
  const cache = new LRUCache<string, Session>({ max: MAX_CACHED, maxSize: MAX_CACHED_BYTES, sizeCalculation: sizeOf });
  const changed = { count: 0 };
  deps.feed.subscribe("session", (id) => {
    changed.count += 1;
    cache.delete(id);
  });
  return {
    async begin(person, idToken) {
      const session = await beginSession(person, idToken, deps);
      cache.set(session.id, session);
      return session;
    },
    find(id) {
      const session = cache.get(id);
      return session === undefined ? readSession(id, deps, cache, changed) : live(session, deps);
    },
    extend: (session, untilMs) => extendSession(session, untilMs, deps),
    end: (id) => endSession(id, deps),
    revoke: (id, by) => revokeSession(id, by, deps),
  };
}

function sizeOf({ claims }: Session): number {
  return BYTES_WITHOUT_CLAIMS + JSON.stringify(claims).length;
}

/** Who a session makes the browser's requests come from. */
export function subjectOf(session: Session): Extract<Subject, { kind: "person" }> {
  const { id: sessionId, personId: id, email, name, identityProviderId, claims } = session;
  return { kind: "person", id, email, name, sessionId, identityProviderId, claims };
}

async function beginSession(
  person: Omit<Session, "id" | "createdAtMs">,
  idToken: string,
  { store, box, now }: SessionsDeps,
): Promise<Session> {
  const id = randomBytes(SESSION_ID_BYTES).toString("hex");
  const session = { ...person, id, createdAtMs: now() };
  await store.transaction().execute(async (transaction) => {
    await transaction
      .insertInto("sessions")
      .values(rowOf(session, box.seal(sealingPurpose(id), idToken)))
      .execute();
    await rememberPerson(transaction, session);
    await transaction.deleteFrom("sessions").where("expires_at", "<", instant(now())).execute();
  });
  return session;
}

/** Only reached with an id that we signed or sealed, so strangers cannot make us read. */
async function readSession(
  id: string,
  deps: SessionsDeps,
  cache: LRUCache<string, Session>,
  changed: { readonly count: number },
): Promise<Session | undefined> {
  const changedBefore = changed.count;
  const row = await deps.store.selectFrom("sessions").selectAll().where("id", "=", id).executeTakeFirst();
  if (row === undefined) return undefined;
  const session = sessionOf(row);
  // A session that ended while it was read must not be remembered as live.
  if (changed.count === changedBefore) cache.set(id, session);
  return live(session, deps);
}

async function extendSession(session: Session, untilMs: number, { store, feed, now }: SessionsDeps): Promise<void> {
  if (untilMs <= session.expiresAtMs) return;
  await store.transaction().execute(async (transaction) => {
    await recordChange(transaction, "session", session.id, now());
    await transaction
      .updateTable("sessions")
      .set({ expires_at: instant(untilMs) })
      .where("id", "=", session.id)
      .where("expires_at", "<", instant(untilMs))
      .execute();
  });
  await feed.poll();
}

async function endSession(id: string, { store, feed, box, now }: SessionsDeps): Promise<string | undefined> {
  const row = await store.transaction().execute(async (transaction) => {
    await recordChange(transaction, "session", id, now());
    return transaction.deleteFrom("sessions").where("id", "=", id).returning("sealed_id_token").executeTakeFirst();
  });
  await feed.poll();
  return row === undefined ? undefined : box.open(sealingPurpose(id), row.sealed_id_token);
}

async function revokeSession(id: string, by: By, { store, feed, now }: SessionsDeps): Promise<boolean> {
  const row = await store.transaction().execute(async (transaction) => {
    await recordChange(transaction, "session", id, now());
    const ended = await transaction.deleteFrom("sessions").where("id", "=", id).returning("email").executeTakeFirst();
    if (ended === undefined) return undefined;
    const event = { kind: "change", event: "session.revoked", isAllowed: true, reason: "" } as const;
    await recordAuditEvent(transaction, { ...by, ...event, detail: { email: ended.email } }, now());
    return ended;
  });
  await feed.poll();
  return row !== undefined;
}

/** Whom an identity provider vouched for that is no longer believed, nobody vouches for. */
function live(session: Session, { configuration, now }: SessionsDeps): Session | undefined {
  const { identityProviders } = configuration.current();
  const isVouchedFor = identityProviders.some(({ id }) => id === session.identityProviderId);
  return isVouchedFor && now() < session.expiresAtMs ? session : undefined;
}
