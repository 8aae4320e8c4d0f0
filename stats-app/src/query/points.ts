import { type MeasuredRange, tidy, type Value } from "./measurement.ts";
import type { TimeRange } from "./range.ts";
import type { Change, Point, ResolvedRange } from "./stats-answer.ts";
import { formatInstant } from "./time-zone.ts";

export function rangeOf({ fromUs, toUs, timeZone }: TimeRange): ResolvedRange {
  return { from: formatInstant(fromUs, timeZone), to: formatInstant(toUs, timeZone), timeZone };
}

/** A point per bucket. */
export function pointsOf(range: MeasuredRange, values: readonly Value[]): Point[] {
  return range.buckets.map(({ startUs, endUs, isCut }, index) => ({
    start: formatInstant(startUs, range.timeZone),
    end: formatInstant(endUs, range.timeZone),
    value: values[index] ?? null,
    isPartial: isCut || endUs > range.countedToUs,
  }));
}

export function changeOf(total: Value, earlier: Value): Change {
  if (total === null || earlier === null) return { absolute: null, ratio: null };
  const absolute = total - earlier;
  return { absolute: tidy(absolute), ratio: earlier === 0 ? null : absolute / Math.abs(earlier) };
}
