import { errors, type JWTPayload, jwtVerify } from "jose";
import { PATHS } from "../contract.ts";
import type { AccessVerifyErrorCode } from "../errors.ts";
import { parseSecureUrl } from "../secure-url.ts";
import { readSubject, type Subject } from "./claims.ts";
import { AccessVerifyError } from "./errors.ts";
import type { KeyFetch } from "./fetch-keys.ts";
import { createKeySet, type KeySet } from "./key-set.ts";

export interface VerifierOptions {
  /** The team domain's URL, exactly as in the claim `iss`: `https://TEAM.cloudflareaccess.com`. */
  readonly issuer: string;
  /** The application's AUD tag, 64 hex digits; several when one app stands behind several applications. */
  readonly audience: string | readonly string[];
  /** Where the public keys are. Default: `/cdn-cgi/access/certs` of the issuer. https, or http to this machine. */
  readonly jwksUrl?: string;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** Default: the global `fetch`. */
  readonly fetch?: KeyFetch;
  /** How far clocks may disagree, 0 to 300. Default 30. */
  readonly clockSkewSeconds?: number;
}

export interface Verifier {
  /**
   * Checks one JWT of `Cf-Access-Jwt-Assertion` and says who it stands for.
   *
   * @throws {AccessVerifyError} with the exact reason in `code`
   */
  verify(jwt: string): Promise<Subject>;
}

const DEFAULT_SKEW_SECONDS = 30;
const MAX_SKEW_SECONDS = 300;
/** Real ones are about 1 KiB; Node would deliver up to 16 KiB of headers. */
const MAX_JWT_LENGTH = 16 * 1024;

/**
 * Creates the origin's check of Access JWTs: RS256 only, issuer and audience always compared, `exp` required, keys from
 * the gateway's key set. Source: https://developers.cloudflare.com/cloudflare-one/ "Validate JWTs".
 *
 * @throws {TypeError} on a missing or impossible option
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const { issuer, audience, jwksUrl, now, fetch, clockTolerance } = checkOptions(options);
  const keys = createKeySet({ url: jwksUrl, fetch, now });
  return {
    async verify(jwt) {
      if (typeof jwt !== "string" || jwt === "")
        throw new AccessVerifyError("ERR_ASSERTION_MISSING", "There is no JWT.");
      if (jwt.length > MAX_JWT_LENGTH) throw new AccessVerifyError("ERR_ASSERTION_MALFORMED", "The JWT is too long.");
      const currentDate = new Date(now());
      return readSubject(await checkJwt(jwt, keys, { issuer, audience, clockTolerance, currentDate }));
    },
  };
}

interface Checks {
  readonly issuer: string;
  readonly audience: string[];
  readonly clockTolerance: number;
  readonly currentDate: Date;
}

async function checkJwt(jwt: string, keys: KeySet, checks: Checks): Promise<JWTPayload> {
  try {
    const required = { algorithms: ["RS256"], requiredClaims: ["exp", "iat", "sub"] };
    return (await jwtVerify(jwt, (header) => keys(header), { ...required, ...checks })).payload;
  } catch (error) {
    throw error instanceof errors.JOSEError ? translate(error) : error;
  }
}

/** jose's errors can hold the claims; ours must not, so theirs is not kept as `cause`. */
function translate(error: errors.JOSEError): AccessVerifyError {
  const claim = error instanceof errors.JWTClaimValidationFailed ? error.claim : "";
  return new AccessVerifyError(codeOf(error, claim), `The JWT was not accepted: ${error.message}.`);
}

function codeOf(error: errors.JOSEError, claim: string): AccessVerifyErrorCode {
  if (error instanceof errors.JWTClaimValidationFailed) return CLAIM_CODES[claim] ?? "ERR_ASSERTION_CLAIMS";
  return JOSE_CODES[error.code] ?? "ERR_ASSERTION_MALFORMED";
}

const JOSE_CODES: Readonly<Record<string, AccessVerifyErrorCode>> = {
  [errors.JWTExpired.code]: "ERR_ASSERTION_EXPIRED",
  [errors.JWSSignatureVerificationFailed.code]: "ERR_ASSERTION_SIGNATURE",
  [errors.JOSEAlgNotAllowed.code]: "ERR_ASSERTION_ALGORITHM",
  [errors.JWKSNoMatchingKey.code]: "ERR_ASSERTION_UNKNOWN_KEY",
  [errors.JWKSMultipleMatchingKeys.code]: "ERR_ASSERTION_UNKNOWN_KEY",
};

const CLAIM_CODES: Readonly<Record<string, AccessVerifyErrorCode>> = {
  iss: "ERR_ASSERTION_ISSUER",
  aud: "ERR_ASSERTION_AUDIENCE",
  nbf: "ERR_ASSERTION_NOT_YET_VALID",
};

function checkOptions(options: VerifierOptions) {
  const { issuer, clockSkewSeconds: clockTolerance = DEFAULT_SKEW_SECONDS } = options;
  if (typeof issuer !== "string" || issuer === "" || issuer.endsWith("/")) {
    throw new TypeError("issuer is required: the team domain's URL without a slash at the end.");
  }
  const audience = [options.audience].flat();
  if (audience.length === 0 || audience.some((tag) => typeof tag !== "string" || tag === "")) {
    throw new TypeError("audience is required: the application's AUD tag, or several.");
  }
  if (!(clockTolerance >= 0 && clockTolerance <= MAX_SKEW_SECONDS)) {
    throw new TypeError(`clockSkewSeconds must be a number from 0 to ${MAX_SKEW_SECONDS}.`);
  }
  const jwksUrl = parseSecureUrl(options.jwksUrl ?? `${issuer}${PATHS.certs}`, "jwksUrl").href;
  const { now = Date.now, fetch = globalThis.fetch } = options;
  return { issuer, audience, jwksUrl, now, fetch, clockTolerance };
}
