import { type Kysely, sql, type Transaction } from "kysely";
import type { PersonRow, Schema } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { instant, type Session, sessionOf } from "./session-row.ts";

/** Writes the person of a login into the list of those who ever logged in. */
export async function rememberPerson(transaction: Transaction<Schema> | Kysely<Schema>, login: Session): Promise<void> {
  const latest = {
    email: login.email,
    name: login.name,
    identity_provider_id: login.identityProviderId,
    ip: login.ip,
    last_login_at: instant(login.createdAtMs),
  };
  await transaction
    .insertInto("people")
    .values({ id: login.personId, ...latest, created_at: latest.last_login_at })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(latest))
    .execute();
}

export interface PeopleSearch {
  /** A part of the name or the address; empty for all. */
  readonly text: string;
  readonly offset: number;
  readonly limit: number;
}

export interface PersonFound extends PersonRow {
  readonly session_count: number;
}

/** Those who logged in at least once, the latest first, with how many live sessions each has. */
export async function findPeople(
  store: Store,
  search: PeopleSearch,
  nowMs: number,
): Promise<{ readonly people: readonly PersonFound[]; readonly total: number }> {
  const like = `%${search.text.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
  const holds = (column: "email" | "name") => sql<boolean>`lower(${sql.ref(column)}) like ${like} escape '\\'`;
  const matching = store.selectFrom("people").where(({ or }) => or([holds("email"), holds("name")]));
  const { total } = await matching.select(({ fn }) => fn.countAll<number>().as("total")).executeTakeFirstOrThrow();
  const rows = await matching
    .selectAll("people")
    .orderBy("last_login_at", "desc")
    .orderBy("id")
    .limit(search.limit)
    .offset(search.offset)
    .execute();
  const counts = await countSessions(
    store,
    rows.map(({ id }) => id),
    nowMs,
  );
  return { people: rows.map((row) => ({ ...row, session_count: counts.get(row.id) ?? 0 })), total: Number(total) };
}

export async function findPerson(store: Store, id: string): Promise<PersonRow | undefined> {
  return store.selectFrom("people").selectAll().where("id", "=", id).executeTakeFirst();
}

export async function forgetPerson(store: Store, id: string): Promise<void> {
  await store.deleteFrom("people").where("id", "=", id).execute();
}

/** The live sessions of one person, the latest first. */
export async function sessionsOf(store: Store, personId: string, nowMs: number): Promise<readonly Session[]> {
  const rows = await store
    .selectFrom("sessions")
    .selectAll()
    .where("person_id", "=", personId)
    .where("expires_at", ">", instant(nowMs))
    .orderBy("created_at", "desc")
    .orderBy("id")
    .execute();
  return rows.map(sessionOf);
}

async function countSessions(store: Store, ids: readonly string[], nowMs: number): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await store
    .selectFrom("sessions")
    .select(({ fn }) => ["person_id", fn.countAll<number>().as("count")])
    .where("person_id", "in", ids)
    .where("expires_at", ">", instant(nowMs))
    .groupBy("person_id")
    .execute();
  return new Map(rows.map(({ person_id, count }) => [person_id, Number(count)]));
}
