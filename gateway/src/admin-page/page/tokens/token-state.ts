import type { SecretVersion, ServiceToken } from "../api/service-tokens.ts";

export type TokenState = "enabled" | "disabled" | "expired" | "expiring";

/** From here on the list warns. */
const SOON_MS = 30 * 86_400_000;

export function tokenState(token: ServiceToken, nowMs: number): TokenState {
  if (!token.enabled) return "disabled";
  if (token.expires_at === null) return "enabled";
  const leftMs = Date.parse(token.expires_at) - nowMs;
  if (leftMs <= 0) return "expired";
  return leftMs < SOON_MS ? "expiring" : "enabled";
}

/** The previous secret while it still works. */
export function liveOldSecret({ client_secrets: secrets }: ServiceToken, nowMs: number): SecretVersion | undefined {
  return secrets.find(({ expires_at }) => expires_at !== null && Date.parse(expires_at) > nowMs);
}

export function currentSecret({ client_secrets: secrets }: ServiceToken): SecretVersion | undefined {
  return secrets.find(({ expires_at }) => expires_at === null);
}

/** Whether somebody used the old secret after the new one was made: whoever it is has to change yet. */
export function isOldInUse(token: ServiceToken, old: SecretVersion): boolean {
  const current = currentSecret(token);
  return old.last_seen_at !== null && current !== undefined && old.last_seen_at > current.created_at;
}
