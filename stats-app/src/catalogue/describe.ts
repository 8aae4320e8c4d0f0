import type { MetricInfo } from "../query/stats-answer.ts";
import { isAdditive, type Metric } from "./catalogue.ts";

/** A metric as others see it. */
export function describeMetric(metric: Metric): MetricInfo {
  const { name, title, aliases, description, measure, format, unit, isLowerBetter, dimensions, examples } = metric;
  return {
    name,
    title,
    aliases,
    description,
    measure: measure.kind,
    format,
    unit,
    isAdditive: isAdditive(measure),
    isLowerBetter,
    dimensions,
    examples,
  };
}
