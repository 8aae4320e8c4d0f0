import type { TimeRange } from "./range.ts";
import type { ComparisonKind } from "./stats-query.ts";
import { toUs, zonedAt } from "./time-zone.ts";

/** The earlier range, cut to the part that has passed of the asked one when that is not over. */
export interface ComparisonRange {
  readonly kind: ComparisonKind;
  readonly range: TimeRange;
  /** Whether it was cut. */
  readonly isSamePart: boolean;
}

type Shift = (at: Temporal.ZonedDateTime) => Temporal.ZonedDateTime;

/**
 * The range to compare with. `previous_period` has the same calendar shape: whole months before whole months, otherwise
 * the same number of days before whole days, otherwise the same time before. `previous_year` has the same dates.
 */
export function comparisonRange(range: TimeRange, kind: ComparisonKind, nowUs: number): ComparisonRange {
  const from = zonedAt(range.fromUs, range.timeZone);
  const to = zonedAt(range.toUs, range.timeZone);
  const shift = kind === "previous_year" ? yearBefore : periodBefore(from, to);
  const earlier = { fromUs: toUs(shift(from)), toUs: toUs(shiftEnd(shift, to, kind)), timeZone: range.timeZone };
  if (nowUs >= range.toUs || nowUs <= range.fromUs) return { kind, range: earlier, isSamePart: false };
  const cutUs = Math.min(toUs(shiftNow(shift, zonedAt(nowUs, range.timeZone))), earlier.toUs);
  return { kind, range: { ...earlier, toUs: Math.max(cutUs, earlier.fromUs) }, isSamePart: true };
}

function periodBefore(from: Temporal.ZonedDateTime, to: Temporal.ZonedDateTime): Shift {
  if (!isMidnight(from) || !isMidnight(to)) {
    const ns = to.epochNanoseconds - from.epochNanoseconds;
    return (at) => new Temporal.ZonedDateTime(at.epochNanoseconds - ns, at.timeZoneId);
  }
  const [first, last] = [from.toPlainDate(), to.toPlainDate()];
  if (first.day === 1 && last.day === 1) {
    const { months } = first.until(last, { largestUnit: "month" });
    return (at) => at.subtract({ months });
  }
  const { days } = first.until(last, { largestUnit: "day" });
  return (at) => at.subtract({ days });
}

function yearBefore(at: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  return at.subtract({ years: 1 });
}

/** An exclusive midnight stands for the day before it: that is the date to move, so that no last day is lost in February. */
function shiftEnd(shift: Shift, to: Temporal.ZonedDateTime, kind: ComparisonKind): Temporal.ZonedDateTime {
  if (kind === "previous_period" || !isMidnight(to)) return shift(to);
  return shift(to.subtract({ days: 1 }))
    .add({ days: 1 })
    .startOfDay();
}

/** The same moment of the earlier period; past the end of a shorter month, that month is over. */
function shiftNow(shift: Shift, now: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  const moved = shift(now);
  const isShortened = moved.day < now.day && moved.day === moved.daysInMonth;
  return isShortened && !isSameDistance(shift, now, moved) ? moved.add({ days: 1 }).startOfDay() : moved;
}

/** Whether moving the day before gives the day before: false only where the calendar ran out of days. */
function isSameDistance(shift: Shift, now: Temporal.ZonedDateTime, moved: Temporal.ZonedDateTime): boolean {
  return shift(now.subtract({ days: 1 }))
    .toPlainDate()
    .equals(moved.toPlainDate().subtract({ days: 1 }));
}

function isMidnight(at: Temporal.ZonedDateTime): boolean {
  return at.startOfDay().epochNanoseconds === at.epochNanoseconds;
}
