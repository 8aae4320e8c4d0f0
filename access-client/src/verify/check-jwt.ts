import { decodeJwt, errors, type JWTHeaderParameters, type JWTPayload, jwtVerify } from "jose";
import type { AccessVerifyErrorCode } from "../errors.ts";
import { AccessVerifyError } from "./errors.ts";
import type { KeySet } from "./key-set.ts";

export interface JwtChecks {
  readonly issuer: string;
  readonly audience: string[];
  readonly clockTolerance: number;
  readonly currentDate: Date;
}

/**
 * Whom a JWT names as its issuer, before anything of it is verified: good only for choosing the keys.
 *
 * @throws {AccessVerifyError} `ERR_ASSERTION_MALFORMED`
 */
export function readIssuer(jwt: string): unknown {
  try {
    return decodeJwt(jwt).iss;
  } catch (error) {
    throw translate(error);
  }
}

/**
 * The claims of a JWT: signed with RS256 by a key of this set, for this audience, and in force. Headers that bring or
 * name keys of their own (`jwk`, `jku`, `x5c`) mean nothing here.
 *
 * @throws {AccessVerifyError}
 */
export async function checkJwt(jwt: string, keys: KeySet, checks: JwtChecks): Promise<JWTPayload> {
  try {
    const required = { algorithms: ["RS256"], requiredClaims: ["exp", "iat", "sub"] };
    const { payload, protectedHeader } = await jwtVerify(jwt, ({ kid }) => keys(kid), { ...required, ...checks });
    checkType(protectedHeader);
    return payload;
  } catch (error) {
    throw translate(error);
  }
}

/** Refuses what was signed for another purpose (RFC 8725, 3.11); a JWT need not say its type. */
function checkType({ typ }: JWTHeaderParameters): void {
  if (typ === undefined || /^(?:application\/)?jwt$/i.test(String(typ))) return;
  throw new AccessVerifyError("ERR_ASSERTION_CLAIMS", 'The JWT is not an application token: its "typ" must be "JWT".');
}

/** jose's errors can hold the claims; ours must not, so theirs is not kept as `cause`. */
function translate(error: unknown): unknown {
  if (!(error instanceof errors.JOSEError)) return error;
  const claim = error instanceof errors.JWTClaimValidationFailed ? error.claim : undefined;
  const code = claim === undefined ? JOSE_CODES[error.code] : (CLAIM_CODES[claim] ?? "ERR_ASSERTION_CLAIMS");
  return new AccessVerifyError(code ?? "ERR_ASSERTION_MALFORMED", `The JWT was not accepted: ${error.message}.`);
}

const JOSE_CODES: Readonly<Record<string, AccessVerifyErrorCode>> = {
  [errors.JWTExpired.code]: "ERR_ASSERTION_EXPIRED",
  [errors.JWSSignatureVerificationFailed.code]: "ERR_ASSERTION_SIGNATURE",
  [errors.JOSEAlgNotAllowed.code]: "ERR_ASSERTION_ALGORITHM",
};

const CLAIM_CODES: Readonly<Record<string, AccessVerifyErrorCode>> = {
  iss: "ERR_ASSERTION_ISSUER",
  aud: "ERR_ASSERTION_AUDIENCE",
  nbf: "ERR_ASSERTION_NOT_YET_VALID",
};
