/** Says that the service token itself will end. */
export interface ExpiringNotice {
  readonly origin: string;
  readonly clientId: string;
  /** RFC 3339. */
  readonly expiresAt: string;
  /** Whole days that are left; 0 on the last. */
  readonly daysLeft: number;
}

/** As soon as so many days are left, one notice; the nearest that applies. */
const THRESHOLDS_DAYS = [1, 7, 30];
const DAY_MS = 24 * 3_600_000;

/** Decides when to speak: once per threshold and end, so a token that is refreshed is spoken of again. */
export function createExpiryNotices(
  origin: string,
  notify: (notice: ExpiringNotice) => void,
): (clientId: string, expiresAt: string, nowMs: number) => void {
  const told = new Set<string>();
  return (clientId, expiresAt, nowMs) => {
    const leftMs = Date.parse(expiresAt) - nowMs;
    const threshold = THRESHOLDS_DAYS.find((days) => leftMs <= days * DAY_MS);
    const key = `${clientId} ${expiresAt} ${threshold}`;
    if (threshold === undefined || told.has(key)) return;
    told.add(key);
    notify({ origin, clientId, expiresAt, daysLeft: Math.max(0, Math.floor(leftMs / DAY_MS)) });
  };
}
