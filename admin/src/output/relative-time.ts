const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 365 * 86_400_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];
const words = new Intl.RelativeTimeFormat("en", { numeric: "always" });

/** `in 12 days`, `3 hours ago`, `just now`. */
export function relativeTime(atMs: number, nowMs: number): string {
  const ms = atMs - nowMs;
  const unit = UNITS.find(([, size]) => Math.abs(ms) >= size);
  if (unit === undefined) return ms > 0 ? "in under a minute" : "just now";
  return words.format(Math.trunc(ms / unit[1]), unit[0]);
}
