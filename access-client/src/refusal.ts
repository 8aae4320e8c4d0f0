import { HEADERS, PATHS, type RefusalReason } from "./contract.ts";
import type { AccessClientErrorCode } from "./errors.ts";
import { readJwtClaims } from "./jwt-times.ts";
import { AccessRequestError, type RefusalDetails } from "./request-error.ts";

/** Response headers as undici gives them. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** The ways in which a gateway, not the app behind it, turns a request away. */
export type RefusalKind = "unauthenticated" | "forbidden" | "login_redirect" | "login_page";

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const REASON_SHAPE = /^[a-z][a-z_]{1,63}$/;

/**
 * Tells a gateway's refusal from an answer of the app. A 401 or 403 of the app's own has no Access marker and is nobody's
 * business but the caller's. Runs on every response, so the common case costs two comparisons and two lookups.
 */
export function refusalKind(status: number, headers: ResponseHeaders): RefusalKind | undefined {
  if (status < 300) return isMarked(headers) && isHtml(headers) ? "login_page" : undefined;
  if (isRedirect(status)) return isLogin(headers.location) ? "login_redirect" : undefined;
  if (status === 401) return isMarked(headers) || isChallenged(headers) ? "unauthenticated" : undefined;
  // A gateway says this instead of 401 after many failures; an app's own 429 has no marker.
  if (status === 429) return isMarked(headers) ? "unauthenticated" : undefined;
  return status === 403 && isMarked(headers) ? "forbidden" : undefined;
}

export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status);
}

/** Whether the gateway says of which application it refused the request. */
export function isMarked(headers: ResponseHeaders): boolean {
  return headers[HEADERS.audience] !== undefined || headers[HEADERS.domain] !== undefined;
}

function isChallenged(headers: ResponseHeaders): boolean {
  return /\bcloudflare-access\b/i.test(String(headers["www-authenticate"] ?? ""));
}

export function isHtml(headers: ResponseHeaders): boolean {
  return String(headers["content-type"] ?? "").startsWith("text/html");
}

function isLogin(location: string | string[] | undefined): boolean {
  const path = parseLocation(location)?.pathname;
  return path === PATHS.login || path?.startsWith(`${PATHS.login}/`) === true;
}

function parseLocation(location: string | string[] | undefined): URL | undefined {
  return URL.parse(String(location ?? ""), "https://unknown.invalid") ?? undefined;
}

/** What a refusal says, from its headers and, where there is one, its JSON body. */
export function readRefusal(status: number, headers: ResponseHeaders, body: string): RefusalDetails {
  const { reason, ray_id: ray, aud } = parseBody(body);
  const login = status < 400 ? parseLocation(headers.location)?.searchParams : undefined;
  return {
    status,
    ...optional("reason", isReason(reason) ? reason : loginReason(login)),
    ...optional("rayId", firstText(ray, headers[HEADERS.ray])),
    ...optional("aud", firstText(aud, headers[HEADERS.audience], login?.get("kid"))),
  };
}

/** The vendor's login redirect carries a JWT that tells whether the pair itself was good: then the policy is at fault. */
function loginReason(login: URLSearchParams | undefined): RefusalReason | undefined {
  const isPairGood = readJwtClaims(login?.get("meta") ?? "")?.service_token_status === true;
  return isPairGood ? "service_token_needs_service_auth" : undefined;
}

function parseBody(body: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function isReason(value: unknown): value is RefusalReason {
  return typeof value === "string" && REASON_SHAPE.test(value);
}

function firstText(...values: readonly unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === "string" && value !== "");
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]: Value });
}

const CODES: Readonly<Record<RefusalKind, AccessClientErrorCode>> = {
  unauthenticated: "ERR_ACCESS_UNAUTHENTICATED",
  forbidden: "ERR_ACCESS_FORBIDDEN",
  login_redirect: "ERR_ACCESS_LOGIN_REDIRECT",
  login_page: "ERR_ACCESS_LOGIN_PAGE",
};

const WORDS: Readonly<Record<RefusalKind, string>> = {
  unauthenticated: "does not accept the credentials",
  forbidden: "accepts the credentials, but no policy admits them here",
  login_redirect: "sent the request to a login page",
  login_page: "answered with a login page",
};

/** The error for a refusal of a request for this path. */
export function refusalError(
  kind: RefusalKind,
  origin: string,
  path: string,
  refusal: RefusalDetails,
): AccessRequestError {
  const details = { ...refusal, path: path.split("?", 1)[0] ?? "/" };
  const why = [details.status, details.reason].filter((part) => part !== undefined).join(", ");
  return new AccessRequestError(CODES[kind], `The gateway of ${origin} ${WORDS[kind]} (${why}).`, details);
}
