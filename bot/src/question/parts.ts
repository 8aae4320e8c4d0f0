import type { Catalogue, Compare, Filter, Granularity, StatsQuery } from "../stats-api.ts";
import type { Period } from "./period.ts";

/** What a question has said so far. A follow-up in the same thread adds to it or replaces it. */
export interface Parts {
  readonly metric?: string;
  readonly period?: Period;
  readonly granularity?: Exclude<Granularity, "none">;
  readonly breakdown?: string;
  readonly filters: readonly Filter[];
  readonly compare?: Compare;
  readonly limit?: number;
  readonly timeZone?: string;
}

/** The range of a question that names none. */
export const DEFAULT_PERIOD_WORDS = "last 30 days";
/** A breakdown without a number shows as many groups as fit a chart. */
const DEFAULT_LIMIT = 10;

/** The question in one canonical sentence, which reads back as the same parts: for buttons, logs and refreshing. */
export function sentenceOf(parts: Parts): string {
  const { metric, period, granularity, breakdown, filters, compare, limit, timeZone } = parts;
  return [
    metric,
    period?.words,
    granularity && `per ${granularity}`,
    breakdown && `by ${breakdown}`,
    limit && `top ${limit}`,
    ...filters.map(filterWords),
    compare && COMPARE_WORDS[compare],
    timeZone && `in time zone ${timeZone}`,
  ]
    .filter((part) => part !== undefined)
    .join(" ");
}

const COMPARE_WORDS: Readonly<Record<Compare, string>> = {
  previous_period: "vs previous period",
  previous_year: "vs same period last year",
  none: "no comparison",
};

function filterWords({ dimension, operator, values }: Filter): string {
  return `${dimension} ${operator === "is" ? "=" : "!="} ${valueList(values)}`;
}

/** Values as the grammar reads them back, whatever is in them. */
export function valueList(values: readonly string[]): string {
  return values.map((value) => `"${value.replaceAll('"', "")}"`).join(", ");
}

/** The query for the stats app. Change against the period before is shown unless something else was asked. */
export function queryOf(parts: Parts & { metric: string; period: Period }, catalogue: Catalogue): StatsQuery {
  const { metric, period, granularity, breakdown, filters, compare, limit, timeZone } = parts;
  const step = granularity ?? (breakdown === undefined ? undefined : "none");
  return {
    metric,
    range: { from: period.from, to: period.to, timeZone: timeZone ?? catalogue.timeZone },
    ...(step !== undefined && { granularity: step }),
    ...(breakdown !== undefined && { breakdown, limit: limit ?? DEFAULT_LIMIT }),
    ...(filters.length > 0 && { filters: [...filters] }),
    compare: compare ?? "previous_period",
  };
}

/** A follow-up laid over what was asked before: what it says replaces, what it leaves out stays. */
export function mergeParts(before: Parts, now: Parts): Parts {
  const renamed = new Set(now.filters.map((filter) => filter.dimension));
  const filters = [...before.filters.filter((filter) => !renamed.has(filter.dimension)), ...now.filters];
  return { ...before, ...now, filters };
}
