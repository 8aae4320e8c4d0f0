/** Times in words, as the reader's language has them. */

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 365 * 86_400_000],
  ["month", 30 * 86_400_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const absolute = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" });
const short = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** The gateway's clock and the reader's may differ by this: what was changed a moment ago must not lie in the future. */
const CLOCK_SKEW_MS = 5_000;

/** `in 3 days`, `2 hours ago`, `just now`. Below two units the smaller one is said: `in 36 hours`, not `tomorrow`. */
export function relativeTime(atMs: number, nowMs: number): string {
  const differenceMs = atMs - nowMs;
  for (const [unit, unitMs] of UNITS) {
    const isWholeUnit = Math.abs(differenceMs) >= (unit === "minute" ? unitMs : 2 * unitMs);
    if (isWholeUnit) return relative.format(Math.round(differenceMs / unitMs), unit);
  }
  return differenceMs > CLOCK_SKEW_MS ? "in less than a minute" : "just now";
}

export function absoluteTime(atMs: number): string {
  return absolute.format(atMs);
}

/** `23 Nov 2027`. */
export function dayOf(instant: string): string {
  return day.format(Date.parse(instant));
}

/** For log lines: `23 Nov, 14:05:09`. */
export function shortTime(atMs: number): string {
  return short.format(atMs);
}

/** What an `<input type="datetime-local">` takes and gives, in the reader's zone. */
export function localInputOf(atMs: number): string {
  const date = new Date(atMs);
  return new Date(atMs - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** A Go duration such as `8760h` in words: `1 year`. Unknown ones stay as they are. */
export function durationWords(duration: string): string {
  if (duration === "forever") return "forever";
  const hours = /^(\d+)h(?:0m)?(?:0s)?$/.exec(duration)?.[1];
  const minutes = /^(\d+)m(?:0s)?$/.exec(duration)?.[1];
  if (hours === undefined) return minutes === undefined ? duration : counted(Number(minutes), "minute");
  const count = Number(hours);
  if (count % 8760 === 0) return counted(count / 8760, "year");
  if (count % 24 === 0) return counted(count / 24, "day");
  return counted(count, "hour");
}

export function counted(count: number, unit: string): string {
  return `${count.toLocaleString("en")} ${unit}${count === 1 ? "" : "s"}`;
}
