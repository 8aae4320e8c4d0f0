import type { Catalogue, Dimension, Metric } from "../catalogue/catalogue.ts";
import { suggest } from "../catalogue/suggest.ts";
import { type Problem, StatsError } from "../errors.ts";
import { fittingGranularity, resolveBound, type TimeRange } from "./range.ts";
import { type ComparisonKind, type Filter, type Granularity, type StatsQuery, statsQuery } from "./stats-query.ts";
import { isTimeZone, usOfMs } from "./time-zone.ts";

/** A question that can be answered: names resolved, defaults filled in. */
export interface Plan {
  readonly metric: Metric;
  readonly range: TimeRange;
  /** The range's ends as they were written. */
  readonly written: { readonly from: string; readonly to: string };
  readonly granularity: Granularity;
  readonly breakdown: string | null;
  readonly filters: readonly Filter[];
  readonly compare: ComparisonKind | "none";
  readonly limit: number;
}

/** Events cannot be older than 1970; later than this no calendar rule of today says much. */
const LAST_YEAR_MS = Date.UTC(2200, 0, 1);

/**
 * Reads a request's body as a question about this catalogue.
 *
 * @throws {StatsError} `ERR_QUERY_INVALID`, `ERR_QUERY_UNKNOWN_METRIC`, `ERR_QUERY_UNKNOWN_DIMENSION`
 */
export function planQuery(body: unknown, catalogue: Catalogue): Plan {
  const query = parseQuery(body);
  const metric = findMetric(query.metric, catalogue);
  const breakdown = query.breakdown ?? null;
  if (breakdown !== null) checkDimension(breakdown, metric, catalogue, "breakdown");
  query.filters.forEach(({ dimension }, index) => {
    checkDimension(dimension, metric, catalogue, `filters.${index}.dimension`);
  });
  const range = resolveRange(query.range, catalogue.timeZone);
  return {
    metric,
    range,
    written: { from: query.range.from, to: query.range.to },
    granularity: chooseGranularity(query.granularity, metric, range),
    breakdown,
    filters: query.filters,
    compare: query.compare,
    limit: query.limit,
  };
}

function parseQuery(body: unknown): StatsQuery {
  const parsed = statsQuery.safeParse(body);
  if (parsed.success) return parsed.data;
  throw invalid(
    parsed.error.issues.map((issue) => ({ path: issue.path.join(".") || "query", message: issue.message })),
  );
}

function findMetric(name: string, catalogue: Catalogue): Metric {
  const metric = catalogue.metrics.get(name);
  if (metric !== undefined) return metric;
  const candidates = [...catalogue.metrics.values()].map(({ name, title, aliases }) => ({
    name,
    words: [title, ...aliases],
  }));
  throw new StatsError("ERR_QUERY_UNKNOWN_METRIC", `There is no metric named ${quote(name)}.`, {
    problems: [{ path: "metric", message: "is not in the catalogue" }],
    suggestions: suggest(name, candidates),
  });
}

function checkDimension(name: string, metric: Metric, catalogue: Catalogue, path: string): void {
  if (metric.dimensions.includes(name)) return;
  const allowed = metric.dimensions.flatMap((allowed) => catalogue.dimensions.get(allowed) ?? []);
  const near = suggest(name, allowed.map(candidateOf));
  const message = `${metric.title} cannot be split or filtered by ${quote(name)}.`;
  throw new StatsError("ERR_QUERY_UNKNOWN_DIMENSION", message, {
    problems: [{ path, message: "is not a dimension of the metric" }],
    suggestions: near.length > 0 ? near : [...metric.dimensions],
  });
}

function candidateOf({ name, title, aliases }: Dimension) {
  return { name, words: [title, ...aliases] };
}

function resolveRange({ from, to, timeZone: asked }: StatsQuery["range"], defaultZone: string): TimeRange {
  const timeZone = asked ?? defaultZone;
  if (!isTimeZone(timeZone)) {
    throw invalid([{ path: "range.timeZone", message: "is not an IANA time zone, such as Europe/Berlin" }]);
  }
  const problems: Problem[] = [];
  const fromUs = boundOf(from, timeZone, "range.from", problems);
  const toUs = boundOf(to, timeZone, "range.to", problems);
  if (problems.length === 0 && fromUs >= toUs) {
    problems.push({ path: "range.to", message: "must be later than range.from: the range is half-open" });
  }
  if (problems.length > 0) throw invalid(problems);
  return { fromUs, toUs, timeZone };
}

function boundOf(bound: string, timeZone: string, path: string, problems: Problem[]): number {
  try {
    const us = resolveBound(bound, timeZone);
    if (us < usOfMs(-24 * 3600 * 1000) || us > usOfMs(LAST_YEAR_MS))
      problems.push({ path, message: "must lie between 1970 and 2200" });
    return us;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    problems.push({ path, message: `${bound} is not a date or time that exists` });
    return Number.NaN;
  }
}

function chooseGranularity(asked: Granularity | undefined, metric: Metric, range: TimeRange): Granularity {
  const isByDay = metric.measure.kind === "active_users";
  if (asked === "hour" && isByDay) {
    throw invalid([
      { path: "granularity", message: `${metric.title} is counted over whole days: ask for day, week or month` },
    ]);
  }
  const fitting = asked ?? fittingGranularity(range);
  return fitting === "hour" && isByDay ? "day" : fitting;
}

function invalid(problems: readonly Problem[]): StatsError {
  const [first] = problems;
  const detail = first === undefined ? "" : `: ${first.path} ${first.message}`;
  return new StatsError("ERR_QUERY_INVALID", `The query cannot be read${detail}.`, { problems });
}

function quote(name: string): string {
  return JSON.stringify(name.slice(0, 80));
}
