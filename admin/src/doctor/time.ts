const DAY_MS = 86_400_000;

/** Whole days until an instant; negative when it has passed. */
export function daysUntil(atMs: number, nowMs: number): number {
  return Math.floor((atMs - nowMs) / DAY_MS);
}

/** A length in the largest unit that keeps it readable: `24 h`, `15 min`, `40 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds >= 7_200) return `${Math.round(seconds / 3_600)} h`;
  return seconds >= 120 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds)} s`;
}
