import type { Granularity, ResolvedRange } from "../stats-api.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** An instant on the clocks of a time zone. */
function clockOf(instant: string, timeZone: string): Temporal.PlainDateTime {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainDateTime();
}

/** `16 – 22 Nov 2026`, `Oct 2026`, `2026`, `1 – 23 Oct 2026, up to 19:45`. Both ends are included, as people mean it. */
export function describeRange({ from, to, timeZone }: ResolvedRange): string {
  const start = clockOf(from, timeZone);
  const end = clockOf(to, timeZone);
  if (!isMidnight(start)) return describeHours(start, end);
  if (isMidnight(end)) return describeDays(start.toPlainDate(), end.toPlainDate().subtract({ days: 1 }));
  return `${describeDays(start.toPlainDate(), end.toPlainDate())}, up to ${time(end)}`;
}

function describeDays(first: Temporal.PlainDate, last: Temporal.PlainDate): string {
  if (Temporal.PlainDate.compare(first, last) >= 0) return day(first);
  if (first.day === 1 && last.day === last.daysInMonth) return describeMonths(first, last);
  if (first.year === last.year && first.month === last.month) return `${first.day} – ${day(last)}`;
  return `${first.year === last.year ? dayOfYear(first) : day(first)} – ${day(last)}`;
}

function describeMonths(first: Temporal.PlainDate, last: Temporal.PlainDate): string {
  if (first.year !== last.year) return `${month(first)} – ${month(last)}`;
  if (first.month === last.month) return month(first);
  if (first.month === 1 && last.month === 12) return String(first.year);
  return `${MONTHS[first.month - 1]} – ${month(last)}`;
}

function describeHours(start: Temporal.PlainDateTime, end: Temporal.PlainDateTime): string {
  const isOneDay = start.toPlainDate().equals(end.toPlainDate());
  const until = isOneDay ? time(end) : `${day(end)}, ${time(end)}`;
  return `${day(start)}, ${time(start)} – ${until}`;
}

/** `23 Nov 2026, 17:59`. */
export function describeInstant(instant: string, timeZone: string): string {
  const at = clockOf(instant, timeZone);
  return `${day(at)}, ${time(at)}`;
}

/** Labels for the buckets of a series, short enough for a chart: `16 Nov`, `13:00`, `Nov 2026`. */
export function bucketLabels(starts: readonly string[], granularity: Granularity, timeZone: string): string[] {
  const clocks = starts.map((start) => clockOf(start, timeZone));
  const [first] = clocks;
  const last = clocks.at(-1);
  const isOneYear = first?.year === last?.year;
  const isOneDay = first !== undefined && last !== undefined && first.toPlainDate().equals(last.toPlainDate());
  return clocks.map((at) => {
    if (granularity === "month") return month(at);
    if (granularity === "hour") return isOneDay ? time(at) : `${dayOfYear(at)} ${time(at)}`;
    return isOneYear ? dayOfYear(at) : day(at);
  });
}

type Dated = Pick<Temporal.PlainDate, "day" | "month" | "year">;

function day(date: Dated): string {
  return `${dayOfYear(date)} ${date.year}`;
}

function dayOfYear(date: Dated): string {
  return `${date.day} ${MONTHS[date.month - 1]}`;
}

function month(date: Dated): string {
  return `${MONTHS[date.month - 1]} ${date.year}`;
}

function time(at: Temporal.PlainDateTime): string {
  return at.toPlainTime().toString({ smallestUnit: "minute" });
}

function isMidnight(at: Temporal.PlainDateTime): boolean {
  return at.toPlainTime().equals(Temporal.PlainTime.from("00:00"));
}
