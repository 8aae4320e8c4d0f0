import type { KeyObject } from "node:crypto";
import type { PersonTokenClaims, RefusalReason, ServiceTokenClaims } from "@gatehouse/access-client/contract";
import { errors, jwtVerify, SignJWT } from "jose";
import { SIGNING_ALGORITHM, type SigningKeys } from "./signing-keys.ts";

/**
 * Claim of our own in a bot's JWT: which version of the secret it was exchanged for, so that the JWT dies with that secret.
 * Named as Access names the number in its API.
 */
interface SecretVersionClaim {
  readonly client_secret_version: number;
}

export type AppTokenClaims = PersonTokenClaims | (ServiceTokenClaims & SecretVersionClaim);

type AppTokenReason = Extract<
  RefusalReason,
  "token_malformed" | "token_signature" | "token_expired" | "token_wrong_audience" | "token_revoked"
>;

export type Verification =
  | { readonly ok: true; readonly claims: AppTokenClaims }
  | { readonly ok: false; readonly reason: AppTokenReason };

/** Two gateways' clocks may differ by this much; only `nbf` and `iat` profit, an expired token is expired. */
const CLOCK_SKEW_SECONDS = 30;

export function signAppToken(keys: SigningKeys, claims: AppTokenClaims): Promise<string> {
  const { kid, privateKey } = keys.current();
  return new SignJWT({ ...claims, aud: [claims.aud].flat() })
    .setProtectedHeader({ alg: SIGNING_ALGORITHM, kid, typ: "JWT" })
    .sign(privateKey);
}

/** Everything that can be said about a JWT from itself: signature by one of our keys, issuer, audience, type, times. */
export async function verifyAppToken(
  jwt: string,
  expected: { readonly keys: SigningKeys; readonly issuer: string; readonly audience: string; readonly nowMs: number },
): Promise<Verification> {
  try {
    const { payload } = await jwtVerify(jwt, ({ kid = "" }) => keyOf(kid, expected.keys), {
      algorithms: [SIGNING_ALGORITHM],
      issuer: expected.issuer,
      audience: expected.audience,
      requiredClaims: ["iat", "exp", "sub"],
      currentDate: new Date(expected.nowMs),
      clockTolerance: 0,
    });
    const nowSeconds = expected.nowMs / 1000;
    if (typeof payload.iat === "number" && payload.iat > nowSeconds + CLOCK_SKEW_SECONDS) return malformed;
    const claims = readClaims(payload as Record<string, unknown>);
    return claims === undefined ? malformed : { ok: true, claims };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}

function keyOf(kid: string, keys: SigningKeys): KeyObject {
  const key = keys.publicKey(kid);
  if (key !== undefined) return key;
  throw keys.hasEnded(kid) ? new EndedKey() : new errors.JWKSNoMatchingKey();
}

class EndedKey extends Error {}

const malformed: Verification = { ok: false, reason: "token_malformed" };

/** A token made for another purpose (`type`) or without a subject is not a pass, whoever signed it. */
function readClaims(payload: Record<string, unknown>): AppTokenClaims | undefined {
  if (payload.type !== "app") return undefined;
  const isBot =
    payload.sub === "" && typeof payload.common_name === "string" && Number.isInteger(payload.client_secret_version);
  const isPerson =
    typeof payload.sub === "string" &&
    payload.sub !== "" &&
    typeof payload.email === "string" &&
    typeof payload.identity_nonce === "string";
  return isBot || isPerson ? (payload as unknown as AppTokenClaims) : undefined;
}

function reasonOf(error: unknown): AppTokenReason {
  if (error instanceof EndedKey) return "token_revoked";
  if (error instanceof errors.JWTExpired) return "token_expired";
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.claim === "aud" ? "token_wrong_audience" : "token_malformed";
  }
  const isForged =
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JOSEAlgNotAllowed;
  return isForged ? "token_signature" : "token_malformed";
}
