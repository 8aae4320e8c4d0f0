import type { Granularity } from "./stats-query.ts";
import { toUs } from "./time-zone.ts";

/** A half-open range of time in a zone. Instants are microseconds since 1970, UTC. */
export interface TimeRange {
  readonly fromUs: number;
  readonly toUs: number;
  readonly timeZone: string;
}

/**
 * Turns one end of a range into an instant. A date is its first instant in the zone, a wall-clock time is read in the
 * zone (one that a clock change skips or repeats is read as RFC 5545 does), an instant is itself.
 *
 * @throws {RangeError} when the calendar has no such date or time
 */
export function resolveBound(bound: string, timeZone: string): number {
  if (!bound.includes("T")) return toUs(Temporal.PlainDate.from(bound).toZonedDateTime({ timeZone }));
  if (/(?:Z|[+-]\d{2}:\d{2})$/.test(bound)) return toUs(Temporal.Instant.from(bound));
  return toUs(Temporal.PlainDateTime.from(bound).toZonedDateTime(timeZone));
}

const DAY_US = 86_400_000_000;
const MAX_HOURLY_DAYS = 2;
const MAX_DAILY_DAYS = 92;
const MAX_WEEKLY_DAYS = 184;

/** The granularity that gives a readable number of points for a range. */
export function fittingGranularity({ fromUs, toUs: endUs }: TimeRange): Granularity {
  const days = Math.floor((endUs - fromUs) / DAY_US);
  if (days <= MAX_HOURLY_DAYS) return "hour";
  if (days <= MAX_DAILY_DAYS) return "day";
  return days <= MAX_WEEKLY_DAYS ? "week" : "month";
}
