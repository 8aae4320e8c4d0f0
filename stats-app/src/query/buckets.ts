import type { WeekStart } from "../catalogue/catalogue.ts";
import { StatsError } from "../errors.ts";
import type { TimeRange } from "./range.ts";
import type { Granularity } from "./stats-query.ts";
import { type OffsetSegment, offsetSegments, segmentAt, toUs, zonedAt } from "./time-zone.ts";

/** One point of a series: a whole hour, day, week or month, cut where the range begins or ends in the middle of it. */
export interface Bucket {
  readonly startUs: number;
  readonly endUs: number;
  /** The number that `bucketKey` in SQL gives for events of this bucket. */
  readonly key: number;
  /** Whether the range's edge cuts it. */
  readonly isCut: boolean;
}

const MAX_BUCKETS = 2000;
export const HOUR_US = 3_600_000_000;
export const DAY_US = 24 * HOUR_US;
/** Added to local times before dividing, so that nothing is negative near 1970; whole weeks from a Monday to a Monday. */
export const SHIFT_DAYS = 28;

/** Local days since 1970 of an instant's date. */
export function localDay(us: number, timeZone: string): number {
  return dayOf(zonedAt(us, timeZone).toPlainDate());
}

/** 1970-01-01 was a Thursday: how many days after the start of its week. */
export function weekShift(weekStart: WeekStart): number {
  return weekStart === "monday" ? 3 : 4;
}

/**
 * The buckets of a range, in order.
 *
 * @throws {StatsError} `ERR_QUERY_TOO_MANY_BUCKETS`
 */
export function bucketsOf(range: TimeRange, granularity: Granularity, weekStart: WeekStart): readonly Bucket[] {
  if (granularity === "none") return [];
  const starts = granularity === "hour" ? hourStarts(range) : dateStarts(range, granularity, weekStart);
  return starts.flatMap(({ startUs, key }, index) => {
    const endUs = starts[index + 1]?.startUs;
    const clipped = { startUs: Math.max(startUs, range.fromUs), endUs: Math.min(endUs ?? range.toUs, range.toUs), key };
    const isCut = startUs < range.fromUs || (endUs ?? Number.POSITIVE_INFINITY) > range.toUs;
    return endUs === undefined || clipped.startUs >= clipped.endUs ? [] : [{ ...clipped, isCut }];
  });
}

/** Start of a bucket before it is cut; the last one listed only closes the one before it. */
interface Start {
  readonly startUs: number;
  readonly key: number;
}

function hourStarts({ fromUs, toUs: endUs, timeZone }: TimeRange): Start[] {
  const segments = offsetSegments(timeZone, fromUs, endUs + DAY_US);
  const starts: Start[] = [];
  let startUs = hourStart(segments, fromUs);
  while (starts.length === 0 || (starts.at(-1)?.startUs ?? 0) < endUs) {
    starts.push({ startUs, key: startUs });
    refuseTooMany(starts.length, "hour");
    startUs = nextHour(segments, startUs);
  }
  return starts;
}

/** The wall clock's full hour, or the clock change that came after it. The SQL of `bucketKey` computes the same. */
function hourStart(segments: readonly OffsetSegment[], us: number): number {
  const { startUs, offsetUs } = segmentAt(segments, us);
  return Math.max(Math.floor((us + offsetUs) / HOUR_US) * HOUR_US - offsetUs, startUs);
}

function nextHour(segments: readonly OffsetSegment[], startUs: number): number {
  const { offsetUs } = segmentAt(segments, startUs);
  const next = (Math.floor((startUs + offsetUs) / HOUR_US) + 1) * HOUR_US - offsetUs;
  const change = segments.find((segment) => segment.startUs > startUs && segment.startUs < next);
  return change?.startUs ?? next;
}

function dateStarts(range: TimeRange, granularity: "day" | "week" | "month", weekStart: WeekStart): Start[] {
  const { fromUs, toUs: endUs, timeZone } = range;
  const step = { day: { days: 1 }, week: { weeks: 1 }, month: { months: 1 } }[granularity];
  const first = periodStart(zonedAt(fromUs, timeZone).toPlainDate(), granularity, weekStart);
  const starts: Start[] = [];
  for (let count = 0; (starts.at(-1)?.startUs ?? 0) < endUs || count === 0; count += 1) {
    const date = first.add(multiply(step, count));
    starts.push({ startUs: toUs(date.toZonedDateTime({ timeZone })), key: keyOf(date, granularity, weekStart) });
    refuseTooMany(starts.length, granularity);
  }
  return starts;
}

function periodStart(date: Temporal.PlainDate, granularity: Granularity, weekStart: WeekStart): Temporal.PlainDate {
  if (granularity === "month") return date.with({ day: 1 });
  if (granularity === "day") return date;
  return date.subtract({ days: weekStart === "monday" ? date.dayOfWeek - 1 : date.dayOfWeek % 7 });
}

function keyOf(date: Temporal.PlainDate, granularity: "day" | "week" | "month", weekStart: WeekStart): number {
  if (granularity === "month") return date.year * 12 + date.month;
  const day = dayOf(date);
  return granularity === "day" ? day : Math.floor((day + weekShift(weekStart) + SHIFT_DAYS) / 7);
}

function dayOf(date: Temporal.PlainDate): number {
  return Math.round(date.toZonedDateTime("UTC").epochMilliseconds / 86_400_000);
}

function multiply(step: Temporal.DurationLikeObject, count: number): Temporal.DurationLikeObject {
  return Object.fromEntries(Object.entries(step).map(([unit, size]) => [unit, (size ?? 0) * count]));
}

function refuseTooMany(starts: number, granularity: Granularity): void {
  if (starts <= MAX_BUCKETS + 1) return;
  throw new StatsError(
    "ERR_QUERY_TOO_MANY_BUCKETS",
    `The range has more than ${MAX_BUCKETS.toLocaleString("en")} points by ${granularity}: ask for a coarser granularity or a shorter range.`,
    { problems: [{ path: "granularity", message: `at most ${MAX_BUCKETS} points` }] },
  );
}
