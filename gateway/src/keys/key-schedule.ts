/** Key sets may be kept for this long by whoever fetches them. */
export const CERTS_MAX_AGE_SECONDS = 300;

/**
 * A new key is published for so long before it signs. Twice the time that a key set may be kept: so even an origin that never
 * fetches again for an unknown kid has it when the first JWT comes.
 */
export const PUBLISHED_AHEAD_MS = 2 * CERTS_MAX_AGE_SECONDS * 1000;

/** How long a key is believed after its successor signs. */
export const OVERLAP_MS = 7 * 24 * 3_600_000;

/** Access's own limits. */
export const MIN_INTERVAL_DAYS = 21;
export const MAX_INTERVAL_DAYS = 365;
/** Six weeks. */
export const DEFAULT_INTERVAL_DAYS = 42;

const DAY_MS = 24 * 3_600_000;

/**
 * Whether the newest key has been there for long enough. One that was made more than a day after now was made by a clock that
 * ran ahead: it is replaced, for nobody can tell how old it is.
 */
export function isRotationDue(newestCreatedAtMs: number, intervalDays: number, nowMs: number): boolean {
  const ageMs = nowMs - newestCreatedAtMs;
  return ageMs >= intervalDays * DAY_MS || ageMs < -DAY_MS;
}

/** Whole days, rounded up; 0 when it is due. */
export function daysUntilRotation(newestCreatedAtMs: number, intervalDays: number, nowMs: number): number {
  return Math.max(0, Math.ceil((newestCreatedAtMs + intervalDays * DAY_MS - nowMs) / DAY_MS));
}
