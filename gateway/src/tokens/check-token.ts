import type { RefusalReason } from "@gatehouse/access-client/contract";
import { hashSecret, isSameHash } from "./secret.ts";
import type { SecretState, TokenState } from "./token-directory.ts";

export type TokenCheck =
  | { readonly ok: true; readonly secretVersion: number }
  | { readonly ok: false; readonly reason: RefusalReason };

/** Whether a secret opens a token now. The secret is compared first, so that only its owner learns the token's state. */
export function checkSecret(token: TokenState, clientSecret: string, pepper: Buffer, nowMs: number): TokenCheck {
  const hash = hashSecret(clientSecret, pepper);
  const secret = token.secrets.find((candidate) => isLive(candidate, nowMs) && isSameHash(candidate.hash, hash));
  if (secret === undefined) return { ok: false, reason: "service_token_secret_mismatch" };
  return checkState(token, secret, nowMs);
}

/** Whether a JWT that was exchanged for one version of the secret still counts now. */
export function checkSecretVersion(token: TokenState, version: number, nowMs: number): TokenCheck {
  const secret = token.secrets.find((candidate) => candidate.version === version);
  if (secret === undefined || !isLive(secret, nowMs)) return { ok: false, reason: "token_revoked" };
  return checkState(token, secret, nowMs);
}

function checkState(token: TokenState, secret: SecretState, nowMs: number): TokenCheck {
  if (!token.isEnabled) return { ok: false, reason: "service_token_disabled" };
  if (token.expiresAtMs !== null && token.expiresAtMs <= nowMs) return { ok: false, reason: "service_token_expired" };
  return { ok: true, secretVersion: secret.version };
}

function isLive({ expiresAtMs }: SecretState, nowMs: number): boolean {
  return expiresAtMs === null || nowMs < expiresAtMs;
}
