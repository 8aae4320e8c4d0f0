import { problemOf, unreachable } from "./api/client.ts";

/** Who is signed in: the API token's name, and what it may do. */
export interface Session {
  readonly name: string;
  readonly scopes: readonly string[];
}

/** The token of a sign-in link, `/#token=…`. It leaves the address before anything else runs, and with it the history. */
export function takeTokenFromAddress(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token !== null) history.replaceState(null, "", location.pathname + location.search);
  return token;
}

/** Null: nobody is signed in. */
export async function readSession(): Promise<Session | null> {
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
