/**
 * The names that the gateway, its clients and its origins share: headers, cookies, paths and claims of Cloudflare Access.
 * Imports nothing. Sources: Cloudflare One docs, "Service tokens", "Application token", "Authorization cookie".
 *
 * @module
 */

/** Header names in lower case, as Node delivers them. */
export const HEADERS = {
  /** Client → gateway: the service token's id, `<32 hex>.access`. */
  clientId: "cf-access-client-id",
  /** Client → gateway: the service token's secret. */
  clientSecret: "cf-access-client-secret",
  /** Client → gateway: an application JWT obtained before. */
  token: "cf-access-token",
  /** Client → gateway: `true` on a HEAD asks for what `metadata` answers. */
  metadataRequest: "cf-access-metadata-request",
  /** Gateway → client: which application this is, as a JWT of type `match`. */
  metadata: "cf-access-metadata",
  /** Gateway → origin: the application JWT of every authenticated request. */
  assertion: "cf-access-jwt-assertion",
  /** Gateway → origin: a person's address, for logs only; the JWT is what counts. */
  userEmail: "cf-access-authenticated-user-email",
  /** Gateway → client, on refusals: the application's audience tag. */
  audience: "cf-access-aud",
  /** Gateway → client, on refusals: the application's domain. */
  domain: "cf-access-domain",
  /** Gateway → service token, ours: when the token itself ends, RFC 3339. */
  tokenExpiresAt: "cf-access-token-expires-at",
  /** Gateway → client, every response: the request's id for support. */
  ray: "cf-ray",
} as const;

export const COOKIES = {
  /** The application JWT. */
  authorization: "CF_Authorization",
  /** What a person's JWT may be bound to; only the browser and the gateway see it. */
  binding: "CF_Binding",
  /** Ties a login attempt to the browser that began it. */
  appSession: "CF_AppSession",
} as const;

/** Everything below it is answered by the gateway, never by an origin. */
export const ACCESS_PATH_PREFIX = "/cdn-cgi/access/";

export const PATHS = {
  certs: "/cdn-cgi/access/certs",
  login: "/cdn-cgi/access/login",
  callback: "/cdn-cgi/access/callback",
  logout: "/cdn-cgi/access/logout",
  identity: "/cdn-cgi/access/get-identity",
} as const;

/** What every application JWT carries. Times are seconds since 1970. */
interface AppTokenClaims {
  readonly type: "app";
  readonly iss: string;
  /** One audience tag, 64 hex digits. Tokens of 2020 carried a plain string. */
  readonly aud: readonly string[] | string;
  readonly iat: number;
  readonly exp: number;
}

/** A bot's JWT: `sub` is empty and `common_name` is the client id; there is no `nbf` and no `email`. */
export interface ServiceTokenClaims extends AppTokenClaims {
  readonly sub: "";
  readonly common_name: string;
}

/** A person's JWT. */
export interface PersonTokenClaims extends AppTokenClaims {
  /** The person's id, a UUID. */
  readonly sub: string;
  readonly email: string;
  readonly nbf?: number;
  readonly identity_nonce?: string;
  readonly country?: string;
  readonly custom?: Readonly<Record<string, unknown>>;
}

/** Why the gateway refused, in its JSON answer. A closed union: clients may switch on it. */
export type RefusalReason =
  | "bad_request"
  | "headers_too_large"
  | "no_application"
  | "no_credential"
  | "ambiguous_credential"
  | "incomplete_credential"
  | "service_token_unknown"
  | "service_token_secret_mismatch"
  | "service_token_disabled"
  | "service_token_expired"
  | "service_token_needs_service_auth"
  | "token_malformed"
  | "token_signature"
  | "token_expired"
  | "token_wrong_audience"
  | "token_revoked"
  | "session_unknown"
  | "pair_required"
  | "too_many_failures"
  | "too_many_open_requests"
  | "preflight_refused"
  | "policy_denied"
  | "no_policy_matched"
  | "origin_unreachable"
  | "origin_timeout"
  | "origin_failed"
  | "store_unavailable"
  | "overloaded";

/** The body of a refusal to a program: 401 cannot authenticate, 403 not authorised, 400 unreadable, 431 too large, 429 too often, 5xx not its fault. */
export interface RefusalBody {
  /** Short and stable: `unauthorized`, `forbidden`, `bad_request`, `bad_gateway`, … */
  readonly error: string;
  readonly reason: RefusalReason;
  /** One sentence for a person, with what to do. */
  readonly message: string;
  readonly status_code: number;
  /** Audience tag of the application, or an empty string where none was found. */
  readonly aud: string;
  readonly ray_id: string;
}
