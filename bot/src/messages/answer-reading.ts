import type { Catalogue, Filter, StatsAnswer } from "../stats-api.ts";
import { describeRange } from "./dates.ts";
import { escapeMarkup, listed } from "./text.ts";

/** What was understood, in mrkdwn: `*Signups* · 16 – 22 Nov 2026 · by Country · compared with 9 – 15 Nov 2026`. */
export function describeAnswer(answer: StatsAnswer, catalogue: Catalogue): string {
  const { metric, query, range, breakdown, comparison } = answer;
  const parts = [
    describeRange(range),
    query.granularity === "none" ? undefined : `per ${query.granularity}`,
    breakdown === null ? undefined : `by ${dimensionTitle(breakdown.dimension, catalogue)}`,
    breakdown?.others ? `top ${breakdown.groups.length}` : undefined,
    ...query.filters.map((filter) => describeFilter(filter, catalogue)),
    comparison === null ? undefined : `compared with ${describeRange(comparison.range)}`,
  ];
  const rest = parts.filter((part) => part !== undefined).map(escapeMarkup);
  return [`*${escapeMarkup(metric.title)}*`, ...rest].join(" · ");
}

function describeFilter({ dimension, operator, values }: Filter, catalogue: Catalogue): string {
  const known = catalogue.dimensions.find(({ name }) => name === dimension);
  const titles = values.map((value) => known?.values.find((one) => one.value === value)?.title ?? value);
  return `${dimensionTitle(dimension, catalogue)} is ${operator === "is" ? "" : "not "}${listed(titles, operator === "is" ? "or" : "nor")}`;
}

function dimensionTitle(name: string, { dimensions }: Catalogue): string {
  return dimensions.find((dimension) => dimension.name === name)?.title ?? name;
}
