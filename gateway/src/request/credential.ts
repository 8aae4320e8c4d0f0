import { COOKIES, HEADERS } from "@gatehouse/access-client/contract";
import { decodeJwt } from "jose";

/** The one credential of a request. */
export type Credential =
  | { readonly kind: "pair"; readonly clientId: string; readonly clientSecret: string }
  | {
      readonly kind: "token";
      readonly jwt: string;
      /** More cookies that say they are for this application. Which one is meant is for authentication to find out. */
      readonly rivals: readonly string[];
      readonly carrier: "header" | "cookie";
      /** Values of the cookie that a person's JWT may be bound to. */
      readonly bindings: readonly string[];
    }
  | { readonly kind: "none" }
  | {
      readonly kind: "refused";
      readonly reason: "ambiguous_credential" | "incomplete_credential";
      readonly carrier: "header" | "cookie";
    };

interface Found {
  readonly ids: string[];
  readonly secrets: string[];
  readonly tokens: string[];
  readonly cookies: string[];
  readonly bindings: string[];
  /** Values of the application's own token header. */
  readonly single: string[];
}

/**
 * Finds the credential among the raw headers (name, value, name, value …).
 *
 * A repeated credential, and two of different kinds, are refused: one of them could be looked at and the other one meant. The
 * cookie is different, for clients send it without being asked: where a header speaks, it is ignored, as Access does.
 *
 * @param tokenHeader Lower-case name of the header that may carry the pair as JSON (`read_service_tokens_from_header`). Default none.
 * @param audience The application's tag: of several cookies, as applications on different paths of one host set them, those that
 * say they are for this application are taken. Null where none is asked for: all.
 */
export function findCredential(
  rawHeaders: readonly string[],
  tokenHeader: string | null = null,
  audience: string | null = null,
): Credential {
  const { ids, secrets, tokens, cookies, bindings, single } = collect(rawHeaders, tokenHeader);
  const hasPair = ids.length > 0 || secrets.length > 0;
  if (ids.length > 1 || secrets.length > 1 || tokens.length > 1 || single.length > 1) return ambiguous;
  if (Number(hasPair) + tokens.length + single.length > 1) return ambiguous;
  if (single[0] !== undefined) return readPair(single[0]);
  if (hasPair) return pairOf(ids[0], secrets[0]);
  const [token] = tokens;
  if (token !== undefined)
    return token === "" ? incomplete : { kind: "token", jwt: token, rivals: [], carrier: "header", bindings };
  if (cookies.length > MAX_COOKIES) return ambiguousCookies;
  const [jwt, ...rivals] = cookies.length > 1 ? cookiesFor(audience, cookies) : cookies;
  if (rivals.length > MAX_RIVALS) return ambiguousCookies;
  return jwt === undefined ? { kind: "none" } : { kind: "token", jwt, rivals, carrier: "cookie", bindings };
}

const ambiguous: Credential = { kind: "refused", reason: "ambiguous_credential", carrier: "header" };
const ambiguousCookies: Credential = { kind: "refused", reason: "ambiguous_credential", carrier: "cookie" };
const incomplete: Credential = { kind: "refused", reason: "incomplete_credential", carrier: "header" };

/** Applications on different paths of one host; more is no browser's doing, and to look into thousands takes its time. */
const MAX_COOKIES = 20;
/** Each costs the verification of a signature. */
const MAX_RIVALS = 3;

/**
 * Those for an audience, by their own unverified word, which only chooses those of which one then must verify. Where none is,
 * none can be good: the first stands for all.
 */
function cookiesFor(audience: string | null, cookies: readonly string[]): readonly string[] {
  const different = [...new Set(cookies)];
  if (audience === null) return different;
  const own = different.filter((jwt) => audiencesOf(jwt).includes(audience));
  return own.length > 0 ? own : different.slice(0, 1);
}

function audiencesOf(jwt: string): readonly unknown[] {
  try {
    return [decodeJwt(jwt).aud].flat();
  } catch {
    return [];
  }
}

function pairOf(clientId: unknown, clientSecret: unknown): Credential {
  const isWhole = typeof clientId === "string" && typeof clientSecret === "string" && clientId && clientSecret;
  return isWhole ? { kind: "pair", clientId, clientSecret } : incomplete;
}

/** `{"cf-access-client-id": "…", "cf-access-client-secret": "…"}`, with keys in lower case. */
function readPair(json: string): Credential {
  try {
    const pair = JSON.parse(json) as Readonly<Record<string, unknown>> | null;
    return pairOf(pair?.[HEADERS.clientId], pair?.[HEADERS.clientSecret]);
  } catch {
    return incomplete;
  }
}

function collect(rawHeaders: readonly string[], tokenHeader: string | null): Found {
  const found: Found = { ids: [], secrets: [], tokens: [], cookies: [], bindings: [], single: [] };
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const value = rawHeaders[index + 1] ?? "";
    const name = rawHeaders[index]?.toLowerCase();
    if (name === tokenHeader) found.single.push(value);
    switch (name) {
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
        found.bindings.push(...cookieValues(value, COOKIES.binding));
        break;
    }
  }
  return found;
}

/** All values of one cookie in a Cookie header (RFC 6265, 5.4). An empty one counts as absent: it is how a cookie is cleared. */
export function cookieValues(header: string, name: string): string[] {
  if (!header.includes(name)) return [];
  return header
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`) && pair.length > name.length + 1)
    .map((pair) => pair.slice(name.length + 1));
}
