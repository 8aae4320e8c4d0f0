import type { RefusalReason } from "@gatehouse/access-client/contract";
import { hashSecret, isSameHash } from "./secret.ts";
import type { SecretState, TokenState } from "./token-directory.ts";

/** A sign that somebody has an old secret: a bot that was forgotten, or a thief. */
export type OldSecretUse =
  /** Let in, in the overlap; but whoever holds the new secret has begun to use it. */
  | "previous_secret_used_after_successor"
  /** Refused: it ended, or it is older still. */
  | "rotated_out_secret_used";

export type TokenCheck =
  | { readonly ok: true; readonly secretVersion: number; readonly oldSecretUse?: OldSecretUse }
  | { readonly ok: false; readonly reason: RefusalReason; readonly oldSecretUse?: OldSecretUse };

/** Whether a secret opens a token now. The secret is compared first, so that only its owner learns the token's state. */
export function checkSecret(token: TokenState, clientSecret: string, pepper: Buffer, nowMs: number): TokenCheck {
  const hash = hashSecret(clientSecret, pepper);
  const secret = token.secrets.find((candidate) => isSameHash(candidate.hash, hash));
  if (secret === undefined || !isLive(secret, nowMs)) return mismatch(token, secret, hash);
  const check = checkState(token, secret, nowMs);
  const isSuperseded = token.secrets.some(({ version, isSeen }) => version > secret.version && isSeen);
  return isSuperseded ? { ...check, oldSecretUse: "previous_secret_used_after_successor" } : check;
}

/** Whether a JWT that was exchanged for one version of the secret still counts now. */
export function checkSecretVersion(token: TokenState, version: number, nowMs: number): TokenCheck {
  const secret = token.secrets.find((candidate) => candidate.version === version);
  if (secret === undefined || !isLive(secret, nowMs)) return { ok: false, reason: "token_revoked" };
  return checkState(token, secret, nowMs);
}

function mismatch({ retiredHashes }: TokenState, ended: SecretState | undefined, hash: Buffer): TokenCheck {
  const reason = "service_token_secret_mismatch";
  const isOld = ended !== undefined || (retiredHashes.size > 0 && retiredHashes.has(hash.toString("hex")));
  return isOld ? { ok: false, reason, oldSecretUse: "rotated_out_secret_used" } : { ok: false, reason };
}

function checkState(token: TokenState, secret: SecretState, nowMs: number): TokenCheck {
  if (!token.isEnabled) return { ok: false, reason: "service_token_disabled" };
  if (token.expiresAtMs !== null && token.expiresAtMs <= nowMs) return { ok: false, reason: "service_token_expired" };
  return { ok: true, secretVersion: secret.version };
}

function isLive({ expiresAtMs }: SecretState, nowMs: number): boolean {
  return expiresAtMs === null || nowMs < expiresAtMs;
}
