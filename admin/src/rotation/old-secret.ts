import type { ApiServiceToken } from "../api/service-token.ts";
import { relativeTime } from "../output/relative-time.ts";

/** A gateway tells of a use up to so long after it; ours writes every 5 s. */
export const SEEN_LAG_MS = 10_000;

/**
 * Why somebody seems to need the old secret still, which the next rotation ends, for a token has two: its overlap goes on, and it was
 * used lately, or the new one never was. Undefined: nobody needs it.
 */
export function oldSecretInUse(token: ApiServiceToken, quietMs: number, nowMs: number): string | undefined {
  const [current, previous] = token.client_secrets ?? [];
  const end = previous?.expires_at ?? token.previous_client_secret_expires_at;
  if (end == null || Date.parse(end) <= nowMs) return undefined;
  if (current === undefined || previous === undefined) return `its old secret works until ${end}`;
  const { last_seen_at: seenAt } = previous;
  if (seenAt === null) return undefined;
  if (current.last_seen_at === null) return `version ${current.version} was never used, and the one before it was`;
  const seenMs = Date.parse(seenAt);
  if (nowMs - seenMs >= quietMs + SEEN_LAG_MS) return undefined;
  return `version ${previous.version} was used ${relativeTime(seenMs, nowMs)}`;
}
