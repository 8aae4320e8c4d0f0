import type { ActiveUsersMeasure, Format, Measure, MeasureKind, Metric, SimpleMeasure, Source } from "./catalogue.ts";
import type { MetricEntry, RatioPart, WhereEntry } from "./file-schema.ts";

const FORMATS: Readonly<Record<MeasureKind, Format>> = {
  count: "integer",
  unique_users: "integer",
  active_users: "integer",
  sum: "decimal",
  average: "decimal",
  ratio: "percent",
};

/** Turns a checked entry into a metric. `find` gives other entries, for ratios. */
export function buildMetric(name: string, entry: MetricEntry, find: (name: string) => MetricEntry | undefined): Metric {
  return {
    name,
    title: entry.title,
    aliases: entry.aliases,
    description: entry.description,
    measure: buildMeasure(entry, find),
    format: entry.format ?? FORMATS[entry.measure],
    unit: entry.unit,
    isLowerBetter: entry.is_lower_better,
    dimensions: entry.dimensions,
    examples: entry.examples,
  };
}

function buildMeasure(entry: MetricEntry, find: (name: string) => MetricEntry | undefined): Measure {
  if (entry.measure === "ratio") {
    return {
      kind: "ratio",
      numerator: buildPart(entry.numerator, find),
      denominator: buildPart(entry.denominator, find),
    };
  }
  const source = buildSource(entry.event, entry.where);
  if (entry.measure !== "active_users") return { kind: entry.measure, source };
  return { kind: "active_users", source, windowDays: entry.window_days } satisfies ActiveUsersMeasure;
}

function buildPart(part: RatioPart, find: (name: string) => MetricEntry | undefined): SimpleMeasure {
  const entry = typeof part === "string" ? find(part) : part;
  if (entry === undefined || entry.measure === "ratio" || entry.measure === "active_users") {
    throw new TypeError("a ratio's parts must be checked before it is built");
  }
  return { kind: entry.measure, source: buildSource(entry.event, entry.where) };
}

function buildSource(event: string, where: WhereEntry | undefined): Source {
  const operators = ["greater_than", "at_least", "less_than", "at_most", "equals"] as const;
  return {
    event,
    valueConditions: operators.flatMap((operator) => {
      const operand = where?.value?.[operator];
      return operand === undefined ? [] : [{ operator, operand }];
    }),
    dimensionConditions: Object.entries(where?.dimensions ?? {}).map(([dimension, condition]) =>
      "is" in condition
        ? { dimension, operator: "is", values: condition.is }
        : { dimension, operator: "is_not", values: condition.is_not },
    ),
  };
}
