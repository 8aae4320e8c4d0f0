/** What the admins are told about the service token. It holds no secret. */
export type TokenNotice = ExpiringToken | RotatedToken;

export interface ExpiringToken {
  readonly kind: "expiring";
  readonly clientId: string;
  /** RFC 3339. */
  readonly expiresAt: string;
  /** What was reached: so many days are left, or fewer. */
  readonly milestoneDays: number;
}

export interface RotatedToken {
  readonly kind: "rotated";
  readonly clientId: string;
  /** Tells this secret from every other, and says nothing about it. */
  readonly pairId: string;
  /** When it was taken up, RFC 3339. */
  readonly at: string;
}

const MILESTONES_DAYS = [1, 7, 30];
const DAY_MS = 24 * 3_600_000;

/**
 * The notice that is due: for the nearest milestone that was reached, so that a bot that slept through two says one thing. None
 * before the first one, nor for an end that cannot be read.
 */
export function expiringToken(clientId: string, expiresAt: string, nowMs: number): ExpiringToken | undefined {
  const endMs = Date.parse(expiresAt);
  const milestoneDays = MILESTONES_DAYS.find((days) => endMs - nowMs <= days * DAY_MS);
  if (milestoneDays === undefined) return undefined;
  return { kind: "expiring", clientId, expiresAt: new Date(endMs).toISOString(), milestoneDays };
}

/** The same in every replica and after every restart. A refreshed token has another end, and is spoken of again. */
export function noticeId(notice: TokenNotice): string {
  return notice.kind === "expiring"
    ? `expiring ${notice.clientId} ${notice.expiresAt} ${notice.milestoneDays}`
    : `rotated ${notice.clientId} ${notice.pairId}`;
}
