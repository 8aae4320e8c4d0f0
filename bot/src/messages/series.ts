import type { Point, StatsAnswer } from "../stats-api.ts";

/** Buckets that have begun. The later ones of an unfinished period say nothing, though their value may be 0. */
export function passedPoints(points: readonly Point[], { partial }: Pick<StatsAnswer, "partial">): readonly Point[] {
  if (partial === null) return points;
  const until = Temporal.Instant.from(partial.until);
  return points.filter((point) => Temporal.Instant.compare(Temporal.Instant.from(point.start), until) < 0);
}
