/** Codes of the client half: a request that could not be made, or was refused. */
export type AccessClientErrorCode =
  | "ERR_ACCESS_UNAUTHENTICATED"
  | "ERR_ACCESS_FORBIDDEN"
  | "ERR_ACCESS_LOGIN_REDIRECT"
  | "ERR_ACCESS_LOGIN_PAGE"
  | "ERR_ACCESS_CAPTIVE_PORTAL"
  | "ERR_ACCESS_UNEXPECTED_HTML"
  | "ERR_ACCESS_UNEXPECTED_TYPE"
  | "ERR_ACCESS_BODY_TRUNCATED"
  | "ERR_ACCESS_ORIGIN_NOT_ALLOWED"
  | "ERR_ACCESS_REDIRECT_REFUSED"
  | "ERR_ACCESS_CREDENTIALS_MISSING"
  | "ERR_ACCESS_CREDENTIALS_UNREADABLE"
  | "ERR_ACCESS_EXCHANGE_FAILED"
  | "ERR_ACCESS_TIMEOUT"
  | "ERR_ACCESS_CLOSED";

/** Codes of the origin's half: an assertion that was not accepted. */
export type AccessVerifyErrorCode =
  | "ERR_ASSERTION_MISSING"
  | "ERR_ASSERTION_DUPLICATE"
  | "ERR_ASSERTION_MALFORMED"
  | "ERR_ASSERTION_ALGORITHM"
  | "ERR_ASSERTION_UNKNOWN_KEY"
  | "ERR_ASSERTION_SIGNATURE"
  | "ERR_ASSERTION_EXPIRED"
  | "ERR_ASSERTION_NOT_YET_VALID"
  | "ERR_ASSERTION_ISSUER"
  | "ERR_ASSERTION_AUDIENCE"
  | "ERR_ASSERTION_CLAIMS"
  | "ERR_ASSERTION_REVOKED"
  | "ERR_ASSERTION_REVOCATION_UNKNOWN"
  | "ERR_ASSERTION_KEYS_UNAVAILABLE";

/** A closed union, so that `switch (error.code)` narrows. Listed in docs/errors.md. */
export type AccessErrorCode = AccessClientErrorCode | AccessVerifyErrorCode;

/**
 * Base of every error that the world, rather than a programmer, causes here. `cause` holds the original error. No secret
 * and no JWT is ever part of it. A programmer's mistake is a `TypeError` instead.
 */
export abstract class AccessError extends Error {
  abstract readonly code: AccessErrorCode;
  /** What to do about it, in one sentence. */
  abstract readonly advice: string;
}
