import { type Assembly, allSaid, type Doubt } from "./assembly.ts";
import { chooseBreakdown } from "./choose-breakdown.ts";
import { chooseFilters } from "./choose-filters.ts";
import { chooseMetric } from "./choose-metric.ts";
import { chooseRange } from "./choose-range.ts";
import type { UnreadGroup } from "./findings.ts";
import type { Parts } from "./parts.ts";

export type Assembled =
  | { readonly kind: "parts"; readonly parts: Parts; readonly unread: readonly UnreadGroup[] }
  | Doubt;

/** Puts what a question says together, or asks where it says two things at once. */
export function assemble(input: Assembly): Assembled {
  const metric = chooseMetric(input);
  if ("doubt" in metric) return metric.doubt;
  const about = metric.metric ?? input.catalogue.metrics.find(({ name }) => name === input.before?.metric);
  const breakdown = chooseBreakdown(input, about);
  if ("doubt" in breakdown) return breakdown.doubt;
  const filters = chooseFilters(input, about);
  if ("doubt" in filters) return filters.doubt;
  const range = chooseRange(input, metric.metric !== undefined);
  if ("doubt" in range) return range.doubt;
  const granularity = allSaid(input, "granularity").at(-1)?.said.granularity;
  const limit = allSaid(input, "limit").at(-1)?.said.limit;
  const parts: Parts = {
    ...(metric.metric !== undefined && { metric: metric.metric.name }),
    ...range,
    ...(granularity !== undefined && { granularity }),
    ...(breakdown.dimension !== undefined && { breakdown: breakdown.dimension.name }),
    ...filters,
    ...(limit !== undefined && { limit }),
    ...(input.timeZone !== undefined && { timeZone: input.timeZone }),
  };
  return { kind: "parts", parts, unread: metric.unread };
}
