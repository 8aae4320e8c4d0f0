import type { StatsAnswer } from "../stats-api.ts";
import { describeInstant } from "./dates.ts";

/** A first event a little into the period is how quiet nights look, not how missing data looks. */
const MISSING_SHARE = 0.1;

/**
 * When more than a tenth of the compared period lies before the first event: since when there is data. A change against such a
 * period says more of the data than of the product.
 */
export function comparisonGap({ comparison, freshness, range }: StatsAnswer): string | undefined {
  const { earliestEventAt } = freshness;
  if (comparison === null || earliestEventAt === null) return undefined;
  const [from, to, first] = [comparison.range.from, comparison.range.to, earliestEventAt].map((instant) =>
    Date.parse(instant),
  ) as [number, number, number];
  return first - from > MISSING_SHARE * (to - from) ? describeInstant(earliestEventAt, range.timeZone) : undefined;
}
