import { COOKIES, HEADERS } from "@gatehouse/access-client/contract";

/** The one credential of a request. */
export type Credential =
  | { readonly kind: "pair"; readonly clientId: string; readonly clientSecret: string }
  | { readonly kind: "token"; readonly jwt: string; readonly carrier: "header" | "cookie" }
  | { readonly kind: "none" }
  | { readonly kind: "refused"; readonly reason: "ambiguous_credential" | "incomplete_credential" };

interface Found {
  readonly ids: string[];
  readonly secrets: string[];
  readonly tokens: string[];
  readonly cookies: string[];
}

/**
 * Finds the credential among the raw headers (name, value, name, value …).
 *
 * A repeated credential, and a pair together with a `cf-access-token`, are refused: one of them could be looked at and the
 * other one meant. The cookie is different, for clients send it without being asked: where a header speaks, it is ignored, as
 * Access does.
 */
export function findCredential(rawHeaders: readonly string[]): Credential {
  const { ids, secrets, tokens, cookies } = collect(rawHeaders);
  const hasPair = ids.length > 0 || secrets.length > 0;
  if (ids.length > 1 || secrets.length > 1 || tokens.length > 1 || (hasPair && tokens.length > 0)) return ambiguous;
  if (hasPair) {
    const [clientId] = ids;
    const [clientSecret] = secrets;
    return clientId && clientSecret ? { kind: "pair", clientId, clientSecret } : incomplete;
  }
  const [token] = tokens;
  if (token !== undefined) return token === "" ? incomplete : { kind: "token", jwt: token, carrier: "header" };
  const [cookie, ...more] = cookies;
  if (more.length > 0) return ambiguous;
  return cookie === undefined ? { kind: "none" } : { kind: "token", jwt: cookie, carrier: "cookie" };
}

const ambiguous: Credential = { kind: "refused", reason: "ambiguous_credential" };
const incomplete: Credential = { kind: "refused", reason: "incomplete_credential" };

function collect(rawHeaders: readonly string[]): Found {
  const found: Found = { ids: [], secrets: [], tokens: [], cookies: [] };
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const value = rawHeaders[index + 1] ?? "";
    switch (rawHeaders[index]?.toLowerCase()) {
      case HEADERS.clientId:
        found.ids.push(value);
        break;
      case HEADERS.clientSecret:
        found.secrets.push(value);
        break;
      case HEADERS.token:
        found.tokens.push(value);
        break;
      case "cookie":
        found.cookies.push(...cookieValues(value, COOKIES.authorization));
        break;
    }
  }
  return found;
}

/** All values of one cookie in a Cookie header (RFC 6265, 5.4). An empty one counts as absent: it is how a cookie is cleared. */
export function cookieValues(header: string, name: string): string[] {
  return header
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`) && pair.length > name.length + 1)
    .map((pair) => pair.slice(name.length + 1));
}
