import { GatewayError } from "../errors.ts";
import { parseDuration } from "../policies/duration.ts";

const FOREVER = "forever";
/** A century: far enough for anyone, and safely inside what a date can hold. */
const MAX_DURATION_MS = 100 * 366 * 24 * 3_600_000;

/**
 * When a token that begins to live now ends, RFC 3339; null for `forever`.
 *
 * @param duration Go duration or `forever`.
 * @throws {GatewayError} `ERR_DURATION_INVALID`
 */
export function expiryOf(duration: string, nowMs: number): string | null {
  if (duration === FOREVER) return null;
  const durationMs = parseDuration(duration);
  if (durationMs > 0 && durationMs <= MAX_DURATION_MS) return new Date(nowMs + durationMs).toISOString();
  throw new GatewayError("ERR_DURATION_INVALID", "A token lives for more than 0 and at most 100 years, or forever.");
}
