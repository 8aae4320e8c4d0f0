import { problemOf, unreachable } from "./api/client.ts";

/** Who is signed in: the API token's name, and what it may do. */
export interface Session {
  readonly name: string;
  readonly scopes: readonly string[];
}

/** Of a sign-in link, until it is used. */
let linkToken: string | null = null;

/** Takes the token of a sign-in link, `/#token=…`, out of the address and so out of the history. False: there is none. */
export function noteLink(): boolean {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token === null) return false;
  linkToken = token;
  history.replaceState(null, "", location.pathname + location.search);
  return true;
}

/** Signs in with the link that was noted, once; without one, asks who is signed in. Null: nobody. @throws {Problem} */
export async function openSession(): Promise<Session | null> {
  const token = linkToken;
  linkToken = null;
  return token === null ? readSession() : signIn(token);
}

async function readSession(): Promise<Session | null> {
  return read(await fetch("/session").catch(unreachable));
}

/** Turns an API token into a cookie that scripts cannot read; the token itself is kept nowhere. @throws {Problem} */
export async function signIn(token: string): Promise<Session> {
  const headers = { "content-type": "application/json" };
  const response = await fetch("/session", { method: "POST", headers, body: JSON.stringify({ token }) }).catch(
    unreachable,
  );
  return (await read(response)) as Session;
}

export async function signOut(): Promise<void> {
  await fetch("/session", { method: "DELETE" }).catch(unreachable);
}

async function read(response: Response): Promise<Session | null> {
  const body = await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return body.result;
  throw problemOf(response.status, body);
}
