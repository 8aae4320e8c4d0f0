import { isAdditive } from "../catalogue/catalogue.ts";
import { type Group, type GroupTotals, type MeasuredRange, type Measurement, tidy, type Value } from "./measurement.ts";
import type { Plan } from "./plan.ts";
import { changeOf, pointsOf } from "./points.ts";
import type { Breakdown, BreakdownGroup } from "./stats-answer.ts";

export interface BreakdownContext {
  readonly asked: MeasuredRange;
  readonly earlier: MeasuredRange | null;
  /** The whole range's. */
  readonly total: Value;
  readonly titleOf: (dimension: string, value: Group) => string;
}

/** Splits a metric by a dimension: the largest groups with their series and what they were before, and what is left over. */
export async function answerBreakdown(
  { metric, breakdown: dimension, limit }: Plan,
  measurement: Measurement,
  context: BreakdownContext,
): Promise<Breakdown | null> {
  if (dimension === null) return null;
  const { asked, earlier, total, titleOf } = context;
  const largest = await measurement.largestGroups(asked, dimension, limit);
  const groups = largest.totals.map(({ group }) => group);
  const [series, earlierTotals] = await Promise.all([
    measurement.groupSeries(asked, dimension, groups),
    earlier === null ? null : measurement.groupTotals(earlier, dimension, groups),
  ]);
  const isSummable = isAdditive(metric.measure);
  const describe = ({ group, total: part }: GroupTotals["totals"][number]): BreakdownGroup => {
    const before = earlierTotals?.get(group) ?? null;
    return {
      value: group,
      title: titleOf(dimension, group),
      total: part,
      share: isSummable && part !== null && total ? part / total : null,
      series: pointsOf(asked, series.get(group) ?? []),
      comparison: earlierTotals === null ? null : { total: before, change: changeOf(part, before) },
    };
  };
  return { dimension, groups: largest.totals.map(describe), others: othersOf(largest, total, isSummable) };
}

function othersOf({ totals, count }: GroupTotals, total: Value, isSummable: boolean): Breakdown["others"] {
  if (count <= totals.length) return null;
  const listed = totals.reduce((sum, { total: part }) => sum + (part ?? 0), 0);
  return { groups: count - totals.length, total: isSummable && total !== null ? tidy(total - listed) : null };
}
