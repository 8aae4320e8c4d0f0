import type { MetricInfo, StatsAnswer } from "./api.ts";
import { wallClock } from "./dates.ts";

type Formatted = Pick<MetricInfo, "format" | "unit">;
type Granularity = StatsAnswer["query"]["granularity"];

const integer = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const decimal = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat("en", { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 2 });
const change = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1, signDisplay: "exceptZero" });

/** From here on cents say nothing; the bot's messages begin at the same amount. */
const WHOLE_MONEY_FROM = 1_000;

/** A number as the metric wants it; a dash where there is none. */
export function formatValue(value: number | null, { format, unit }: Formatted): string {
  if (value === null) return "–";
  if (format === "percent") return percent.format(value);
  if (format === "currency") return currency(unit, Math.abs(value) >= WHOLE_MONEY_FROM ? 0 : 2).format(value);
  return format === "integer" ? integer.format(value) : decimal.format(value);
}

/** The same for an axis, where there is little room. */
export function formatShort(value: number, { format, unit }: Formatted): string {
  if (format === "percent") return `${decimal.format(value * 100)} %`;
  const text = Math.abs(value) >= 10_000 ? compact.format(value) : decimal.format(value);
  return format === "currency" && unit === "USD" ? `$${text}` : text;
}

/** The unit to say after a number; a currency's or a percent's sign says it already. */
export function unitAfter({ format, unit }: Formatted): string {
  return format === "currency" || format === "percent" ? "" : unit;
}

export function formatChange(ratio: number | null): string {
  return ratio === null ? "no comparison" : change.format(ratio);
}

export function formatShare(share: number | null): string {
  return share === null ? "" : percent.format(share);
}

function currency(unit: string, fractionDigits: number): Intl.NumberFormat {
  try {
    return new Intl.NumberFormat("en", { style: "currency", currency: unit, maximumFractionDigits: fractionDigits });
  } catch {
    return decimal;
  }
}

const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
const dayShort = date({ day: "numeric", month: "short" });
const dayLong = date({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
const monthShort = date({ month: "short", year: "2-digit" });
const monthLong = date({ month: "long", year: "numeric" });
const hour = date({ hour: "2-digit", minute: "2-digit" });
const moment = date({ day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });

/** A bucket's name under the chart. */
export function bucketShort(start: string, granularity: Granularity): string {
  const at = wallClock(start);
  if (granularity === "hour") return hour.format(at);
  return granularity === "month" ? monthShort.format(at) : dayShort.format(at);
}

/** A bucket's name in full. An hour that clocks repeat says its offset. */
export function bucketLong(start: string, granularity: Granularity): string {
  const at = wallClock(start);
  if (granularity === "hour") return `${dayShort.format(at)}, ${hour.format(at)}${offsetOf(start)}`;
  if (granularity === "month") return monthLong.format(at);
  return granularity === "week" ? `Week of ${dayShort.format(at)} ${at.getUTCFullYear()}` : dayLong.format(at);
}

function offsetOf(instant: string): string {
  const offset = instant.slice(-6);
  return offset === "+00:00" ? "" : ` (UTC${offset})`;
}

/** A range as people say it: whole days with the last one included, anything else with its times. */
export function formatRange({ from, to }: { from: string; to: string }): string {
  const first = wallClock(from);
  const startsAtMidnight = from.slice(11, 16) === "00:00";
  if (startsAtMidnight && to.slice(11, 16) === "00:00")
    return formatDays(first, new Date(wallClock(to).getTime() - 60_000));
  const end = wallClock(to);
  if (from.slice(0, 10) === to.slice(0, 10))
    return `${dayLong.format(first)}, ${hour.format(first)} – ${hour.format(end)}`;
  return `${startsAtMidnight ? formatStart(first, end) : moment.format(first)} – ${moment.format(end)}`;
}

function formatDays(first: Date, last: Date): string {
  if (first.toISOString().slice(0, 10) === last.toISOString().slice(0, 10)) return dayLong.format(first);
  return `${formatStart(first, last)} – ${dayShort.format(last)} ${last.getUTCFullYear()}`;
}

/** The year is said once when both ends share it. */
function formatStart(first: Date, last: Date): string {
  const isSameYear = first.getUTCFullYear() === last.getUTCFullYear();
  return isSameYear ? dayShort.format(first) : `${dayShort.format(first)} ${first.getUTCFullYear()}`;
}

export function formatMoment(instant: string): string {
  return moment.format(wallClock(instant));
}

const ago = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** How long before `now` an instant was. */
export function formatAgo(instant: string, now: string): string {
  const minutes = Math.round((Date.parse(instant) - Date.parse(now)) / 60_000);
  if (Math.abs(minutes) < 60) return ago.format(Math.min(minutes, 0), "minute");
  if (Math.abs(minutes) < 48 * 60) return ago.format(Math.round(minutes / 60), "hour");
  return ago.format(Math.round(minutes / 1440), "day");
}
