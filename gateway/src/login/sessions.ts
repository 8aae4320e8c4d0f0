import { randomBytes } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { SecretBox } from "../keys/secret-box.ts";
import { type ChangeFeed, recordChange } from "../store/change-feed.ts";
import type { SessionRow } from "../store/schema.ts";
import type { Store } from "../store/store.ts";

/** One login of one person in one browser. Its id is the `identity_nonce` of the JWTs made from it. */
export interface Session {
  readonly id: string;
  readonly personId: string;
  readonly email: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly identityProviderId: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Where the login came from. */
  readonly ip: string;
  readonly userAgent: string;
}

export interface Sessions {
  begin(person: Omit<Session, "id" | "createdAtMs">, idToken: string): Promise<Session>;
  /** The live session, or undefined when it ended or never was. From memory after the first look. */
  find(id: string): Promise<Session | undefined> | Session | undefined;
  /** Ends it, in force everywhere within a second. Gives the identity provider's id_token, to end its session too. */
  end(id: string): Promise<string | undefined>;
}

export interface SessionsDeps {
  readonly store: Store;
  readonly feed: ChangeFeed;
  readonly box: SecretBox;
  readonly now: () => number;
}

const SESSION_ID_BYTES = 16;
const MAX_CACHED = 50_000;
const sealingPurpose = (id: string) => `id_token of session ${id}`;

export function createSessions(deps: SessionsDeps): Sessions {
  const cache = new LRUCache<string, Session>({ max: MAX_CACHED });
  const ended = { count: 0 };
  deps.feed.subscribe("session", (id) => {
    ended.count += 1;
    cache.delete(id);
  });
  return {
    async begin(person, idToken) {
      await deps.store.deleteFrom("sessions").where("expires_at", "<", instant(deps.now())).execute();
      const id = randomBytes(SESSION_ID_BYTES).toString("hex");
      const session = { ...person, id, createdAtMs: deps.now() };
      await deps.store
        .insertInto("sessions")
        .values(rowOf(session, deps.box.seal(sealingPurpose(id), idToken)))
        .execute();
      cache.set(id, session);
      return session;
    },
    find(id) {
      const session = cache.get(id);
      return session === undefined ? readSession(id, deps, cache, ended) : live(session, deps.now());
    },
    end: (id) => endSession(id, deps),
  };
}

/** Only reached with an id from a JWT of ours, so strangers cannot make us read. */
async function readSession(
  id: string,
  { store, now }: SessionsDeps,
  cache: LRUCache<string, Session>,
  ended: { readonly count: number },
): Promise<Session | undefined> {
  const endedBefore = ended.count;
  const row = await store.selectFrom("sessions").selectAll().where("id", "=", id).executeTakeFirst();
  if (row === undefined) return undefined;
  const session = sessionOf(row);
  // A session that ended while it was read must not be remembered as live.
  if (ended.count === endedBefore) cache.set(id, session);
  return live(session, now());
}

async function endSession(id: string, { store, feed, box, now }: SessionsDeps): Promise<string | undefined> {
  const row = await store.transaction().execute(async (transaction) => {
    await recordChange(transaction, "session", id, now());
    const found = await transaction.selectFrom("sessions").selectAll().where("id", "=", id).executeTakeFirst();
    await transaction.deleteFrom("sessions").where("id", "=", id).execute();
    return found;
  });
  await feed.poll();
  return row === undefined ? undefined : box.open(sealingPurpose(id), row.sealed_id_token);
}

function live(session: Session, nowMs: number): Session | undefined {
  return nowMs < session.expiresAtMs ? session : undefined;
}

function rowOf(session: Session, sealedIdToken: string): SessionRow {
  return {
    id: session.id,
    person_id: session.personId,
    email: session.email,
    name: session.name,
    sealed_id_token: sealedIdToken,
    created_at: instant(session.createdAtMs),
    expires_at: instant(session.expiresAtMs),
    identity_provider_id: session.identityProviderId,
    claims: JSON.stringify(session.claims),
    ip: session.ip,
    user_agent: session.userAgent,
  };
}

function sessionOf(row: SessionRow): Session {
  return {
    id: row.id,
    personId: row.person_id,
    email: row.email,
    name: row.name,
    createdAtMs: Date.parse(row.created_at),
    expiresAtMs: Date.parse(row.expires_at),
    identityProviderId: row.identity_provider_id,
    claims: JSON.parse(row.claims) as Readonly<Record<string, unknown>>,
    ip: row.ip,
    userAgent: row.user_agent,
  };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
