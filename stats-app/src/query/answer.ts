import type { WeekStart } from "../catalogue/catalogue.ts";
import { describeMetric } from "../catalogue/describe.ts";
import { StatsError } from "../errors.ts";
import type { StoreReader } from "../store/store.ts";
import { createActiveUsersMeasurement } from "./active-users-measurement.ts";
import { createAggregateMeasurement } from "./aggregate-measurement.ts";
import { answerBreakdown } from "./breakdown.ts";
import { bucketsOf } from "./buckets.ts";
import { type ComparisonRange, comparisonRange } from "./comparison-range.ts";
import type { MeasuredRange, Measurement, MeasurementScope, Value, WholeRange } from "./measurement.ts";
import type { Plan } from "./plan.ts";
import { changeOf, pointsOf, rangeOf } from "./points.ts";
import type { TimeRange } from "./range.ts";
import type { Comparison, StatsAnswer, UnderstoodQuery } from "./stats-answer.ts";
import { formatInstant } from "./time-zone.ts";

export interface AnswerDeps {
  readonly store: StoreReader;
  readonly weekStart: WeekStart;
  /** Microseconds since 1970: events later than this are not counted yet. */
  readonly nowUs: number;
  /** When the metric's first event happened, microseconds since 1970; null when there is none. */
  readonly firstUs: number | null;
  readonly titleOf: (dimension: string, value: string | null) => string;
  readonly signal?: AbortSignal | undefined;
}

/** A first event a little into a period is how quiet nights look, not how missing data looks. */
const MISSING_SHARE = 0.1;

/** Points of all groups of one answer together. */
const MAX_GROUP_POINTS = 20_000;

/** An answer but for what the data as a whole and the clock on the wall say. */
export type MeasuredAnswer = Omit<StatsAnswer, "freshness" | "elapsedMs">;

/** Answers a planned question. Every number comes from the store in its own right. */
export async function answerPlan(plan: Plan, deps: AnswerDeps): Promise<MeasuredAnswer> {
  const measurement = createMeasurement(plan, deps);
  const asked = measuredRange(plan, plan.range, deps);
  checkSize(plan, asked);
  const earlier = plan.compare === "none" ? null : comparisonRange(plan.range, plan.compare, deps.nowUs);
  const earlierRange = earlier === null ? null : measuredRange(plan, earlier.range, deps);
  const [{ total, series }, before] = await Promise.all([
    measurement.whole(asked),
    earlierRange === null ? null : measurement.whole(earlierRange),
  ]);
  const context = { asked, earlier: earlierRange, total, titleOf: deps.titleOf };
  const breakdown = await answerBreakdown(plan, measurement, context);
  const isPartial = plan.range.toUs > deps.nowUs;
  return {
    query: understood(plan),
    metric: describeMetric(plan.metric),
    range: rangeOf(asked),
    total,
    series: pointsOf(asked, series),
    breakdown,
    comparison:
      earlier === null || earlierRange === null || before === null
        ? null
        : describeComparison(earlier, earlierRange, before, { total, firstUs: deps.firstUs }),
    partial: isPartial ? { until: formatInstant(deps.nowUs, plan.range.timeZone) } : null,
  };
}

/** A hundred groups with a year of hours each would be an answer that nobody reads, of tens of megabytes. */
function checkSize({ breakdown, limit }: Plan, { buckets }: MeasuredRange): void {
  if (breakdown === null || limit * buckets.length <= MAX_GROUP_POINTS) return;
  throw new StatsError(
    "ERR_QUERY_TOO_MANY_BUCKETS",
    `${limit} groups of ${buckets.length} points are too much for one answer: ask for fewer groups, a coarser granularity or a shorter range.`,
    { problems: [{ path: "limit", message: `groups times points are at most ${MAX_GROUP_POINTS}` }] },
  );
}

function createMeasurement(
  { metric, filters, granularity }: Plan,
  { store, weekStart, signal }: AnswerDeps,
): Measurement {
  const scope: MeasurementScope = { store, filters, weekStart, granularity, signal };
  const { measure } = metric;
  return measure.kind === "active_users"
    ? createActiveUsersMeasurement(measure, scope)
    : createAggregateMeasurement(measure, scope);
}

function measuredRange({ granularity }: Plan, range: TimeRange, { weekStart, nowUs }: AnswerDeps): MeasuredRange {
  const countedToUs = Math.max(range.fromUs, Math.min(range.toUs, nowUs));
  return { ...range, countedToUs, buckets: bucketsOf(range, granularity, weekStart) };
}

function understood({
  metric,
  range,
  written,
  granularity,
  breakdown,
  filters,
  compare,
  limit,
}: Plan): UnderstoodQuery {
  return {
    metric: metric.name,
    range: { ...written, timeZone: range.timeZone },
    granularity,
    breakdown,
    filters,
    compare,
    limit,
  };
}

function describeComparison(
  { kind, isSamePart }: ComparisonRange,
  range: MeasuredRange,
  before: WholeRange,
  { total, firstUs }: { readonly total: Value; readonly firstUs: number | null },
): Comparison {
  return {
    kind,
    range: rangeOf(range),
    total: before.total,
    change: changeOf(total, before.total),
    series: pointsOf(range, before.series),
    isSamePart,
    isBeforeData: firstUs !== null && firstUs - range.fromUs > MISSING_SHARE * (range.toUs - range.fromUs),
  };
}
