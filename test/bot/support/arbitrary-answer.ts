import fc from "fast-check";
import type { Catalogue, Group, Point, StatsAnswer } from "../../../bot/src/stats-api.ts";

/** What a metric, a dimension or a value may be called: also nothing, markup, and more than any message holds. */
export const hostileText = fc.oneof(
  fc.constantFrom(
    "<!channel>",
    "<@U123|ada>",
    "&lt;!here&gt;",
    "*bold* _it_ `code`",
    "",
    " ",
    "same",
    "same",
    "🎉".repeat(40),
    "\ud83c",
    "a&b<c>d",
  ),
  fc.string({ maxLength: 30 }),
  fc.string({ minLength: 400, maxLength: 5_000 }),
);

const number = fc.oneof(
  fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constant(0),
);
const nullable = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values, { freq: 4 });
const change = fc.record({ absolute: nullable(number), ratio: nullable(number) });
const start = Temporal.Instant.from("2026-01-01T00:00:00Z");

function seriesOf(length: number, values: readonly (number | null)[], hours: number): Point[] {
  return Array.from({ length }, (_, index) => ({
    start: start.add({ hours: hours * index }).toString(),
    end: start.add({ hours: hours * (index + 1) }).toString(),
    value: values[index % values.length] ?? null,
    isPartial: index === length - 1,
  }));
}

const HOURS = { hour: 1, day: 24, week: 168, month: 720, none: 24 } as const;

/** Any answer that docs/stats-api.md allows, and any catalogue around it. */
export const anyAnswer: fc.Arbitrary<{ answer: StatsAnswer; catalogue: Catalogue }> = fc
  .record({
    texts: fc.array(hostileText, { minLength: 12, maxLength: 12 }),
    granularity: fc.constantFrom("hour", "day", "week", "month", "none"),
    length: fc.integer({ min: 0, max: 400 }),
    values: fc.array(nullable(number), { minLength: 1, maxLength: 5 }),
    total: nullable(number),
    groups: nullable(
      fc.array(
        fc.record({
          title: hostileText,
          total: nullable(number),
          share: nullable(number),
          change,
          before: nullable(number),
        }),
        { maxLength: 100 },
      ),
    ),
    others: fc.boolean(),
    hasComparison: fc.boolean(),
    isCut: fc.boolean(),
    change,
    format: fc.constantFrom("integer", "decimal", "percent", "currency"),
    isAdditive: fc.boolean(),
    isLowerBetter: fc.boolean(),
    filters: fc.array(
      fc.record({
        dimension: fc.constantFrom("d0", "d1"),
        operator: fc.constantFrom("is", "is_not"),
        values: fc.array(hostileText, { minLength: 1, maxLength: 30 }),
      }),
      { maxLength: 3 },
    ),
    timeZone: fc.constantFrom("UTC", "America/New_York", "Asia/Kathmandu"),
  })
  .map((raw) => {
    const name = (index: number): string => raw.texts[index] || "nameless";
    const granularity = raw.groups === null && raw.granularity === "none" ? "day" : raw.granularity;
    const hours = HOURS[granularity];
    const series = granularity === "none" ? [] : seriesOf(raw.length, raw.values, hours);
    const end = start.add({ hours: hours * Math.max(1, raw.length) }).toString();
    const range = { from: start.toString(), to: end, timeZone: raw.timeZone };
    const metric: StatsAnswer["metric"] = {
      name: "metric",
      title: name(0),
      aliases: [name(1), name(2)],
      description: raw.texts[3] ?? "",
      measure: "count",
      format: raw.format,
      unit: raw.texts[4] ?? "",
      isAdditive: raw.isAdditive,
      isLowerBetter: raw.isLowerBetter,
      dimensions: ["d0", "d1"],
      examples: [name(5), name(6)],
    };
    const catalogue: Catalogue = {
      product: name(7),
      timeZone: "UTC",
      weekStart: "monday",
      now: end,
      dataRange: null,
      metrics: [metric],
      dimensions: ["d0", "d1"].map((dimension, index) => ({
        name: dimension,
        title: name(8 + index),
        aliases: [],
        values: [],
      })),
    };
    const comparison = {
      kind: "previous_period" as const,
      range,
      total: raw.total,
      change: raw.change,
      series,
      isSamePart: raw.isCut,
      isBeforeData: raw.isCut,
    };
    const groups = raw.groups?.map(
      (group): Group => ({
        value: group.title,
        title: group.title,
        total: group.total,
        share: group.share,
        series,
        comparison: raw.hasComparison ? { total: group.before, change: group.change } : null,
      }),
    );
    const answer: StatsAnswer = {
      query: {
        metric: "metric",
        range: { from: "2026-01-01", to: "2026-02-01", timeZone: raw.timeZone },
        granularity,
        breakdown: groups ? "d0" : null,
        filters: raw.filters,
        compare: "previous_period",
        limit: 100,
      },
      metric,
      range,
      total: raw.total,
      series,
      breakdown: groups
        ? { dimension: "d0", groups, others: raw.others ? { groups: 7, total: raw.isAdditive ? 12 : null } : null }
        : null,
      comparison: raw.hasComparison ? comparison : null,
      partial: raw.isCut ? { until: start.add({ hours: Math.ceil((hours * raw.length) / 2) }).toString() } : null,
      freshness: { earliestEventAt: raw.isCut ? end : null, latestEventAt: raw.isCut ? end : null },
      elapsedMs: 1,
    };
    return { answer, catalogue };
  });
