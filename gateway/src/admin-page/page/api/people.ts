import { get, type Listing, list, send } from "./client.ts";

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly created_at: string;
  readonly last_successful_login: string | null;
  readonly active_session_count: number;
}

/** One login of a person, in one browser. */
export interface ActiveSession {
  /** Seconds since 1970. */
  readonly metadata: { readonly nonce: string; readonly iat: number; readonly expires: number };
  readonly ip: string;
  readonly user_agent: string;
}

const PATH = "/access/users";

export function listPeople(search: string, page: number, signal: AbortSignal): Promise<Listing<Person>> {
  return list(PATH, { search, page, per_page: 25 }, signal);
}

export function readPerson(id: string, signal: AbortSignal): Promise<Person> {
  return get(`${PATH}/${encodeURIComponent(id)}`, {}, signal);
}

export async function listSessions(userId: string, signal: AbortSignal): Promise<readonly ActiveSession[]> {
  return (await list<ActiveSession>(`${PATH}/${encodeURIComponent(userId)}/active_sessions`, {}, signal)).items;
}

export async function revokeSession(userId: string, nonce: string): Promise<void> {
  await send("DELETE", `${PATH}/${encodeURIComponent(userId)}/active_sessions/${encodeURIComponent(nonce)}`);
}

/** Ends all sessions of a person, everywhere. */
export async function revokePerson(email: string): Promise<void> {
  await send("POST", "/access/organizations/revoke_user", { email });
}
