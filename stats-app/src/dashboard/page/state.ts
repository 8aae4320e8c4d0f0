import type { CatalogueAnswer, StatsQueryInput } from "./api.ts";
import { addDays, isDate } from "./dates.ts";
import { type DateRange, DEFAULT_PRESET, findPreset } from "./range-presets.ts";

export type Filter = NonNullable<StatsQueryInput["filters"]>[number];
export type Granularity = NonNullable<StatsQueryInput["granularity"]>;
export type Compare = NonNullable<StatsQueryInput["compare"]>;

/** What is shown. It lives in the address, so that a link shows the same. */
export interface View {
  readonly metric: string;
  /** A preset's key, or dates with the last day included. */
  readonly range: { readonly preset: string } | { readonly first: string; readonly last: string };
  readonly granularity: Exclude<Granularity, "none"> | "auto";
  readonly breakdown: string | null;
  readonly compare: Compare;
  readonly filters: readonly Filter[];
}

const GRANULARITIES = ["hour", "day", "week", "month"] as const;
const COMPARISONS = ["previous_period", "previous_year", "none"] as const;

/** Reads an address; what is not understood becomes the default. */
export function parseView(search: string, catalogue: CatalogueAnswer): View {
  const query = new URLSearchParams(search);
  const metrics = catalogue.metrics;
  const metric = metrics.find(({ name }) => name === query.get("metric")) ?? metrics[0];
  const dimensions = metric?.dimensions ?? [];
  return {
    metric: metric?.name ?? "",
    range: parseRange(query),
    granularity: GRANULARITIES.find((granularity) => granularity === query.get("by")) ?? "auto",
    breakdown: dimensions.find((dimension) => dimension === query.get("split")) ?? null,
    compare: COMPARISONS.find((kind) => kind === query.get("compare")) ?? "previous_period",
    filters: query.getAll("filter").flatMap((text) => parseFilter(text, dimensions)),
  };
}

function parseRange(query: URLSearchParams): View["range"] {
  const [first = "", last = ""] = [query.get("from") ?? "", query.get("to") ?? ""];
  if (isDate(first) && isDate(last) && first <= last) return { first, last };
  return { preset: findPreset(query.get("range") ?? "")?.key ?? DEFAULT_PRESET };
}

/** `country:DE,FR` or `country:!DE`. */
function parseFilter(text: string, dimensions: readonly string[]): Filter[] {
  const [dimension = "", rest = ""] = text.split(/:(.*)/s, 2);
  const isNot = rest.startsWith("!");
  const values = (isNot ? rest.slice(1) : rest)
    .split(",")
    .map(decoded)
    .filter((value) => value !== "");
  if (!dimensions.includes(dimension) || values.length === 0) return [];
  return [{ dimension, operator: isNot ? "is_not" : "is", values }];
}

/** Text that was cut off or never was encoded stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address of a view, without what is default. */
export function formatView(view: View): string {
  const query = new URLSearchParams({ metric: view.metric });
  if ("preset" in view.range) {
    if (view.range.preset !== DEFAULT_PRESET) query.set("range", view.range.preset);
  } else {
    query.set("from", view.range.first);
    query.set("to", view.range.last);
  }
  if (view.granularity !== "auto") query.set("by", view.granularity);
  if (view.breakdown !== null) query.set("split", view.breakdown);
  if (view.compare !== "previous_period") query.set("compare", view.compare);
  for (const { dimension, operator, values } of view.filters) {
    const list = values.map(encodeURIComponent).join(",");
    query.append("filter", `${dimension}:${operator === "is_not" ? "!" : ""}${list}`);
  }
  return `?${query}`;
}

export function datesOf({ range }: View, catalogue: CatalogueAnswer): DateRange {
  if (!("preset" in range)) return { from: range.first, to: addDays(range.last, 1) };
  const preset = findPreset(range.preset) ?? findPreset(DEFAULT_PRESET);
  const today = catalogue.now.slice(0, 10);
  return preset?.rangeOf(today, catalogue.weekStart) ?? { from: today, to: addDays(today, 1) };
}

/** The question that a view asks. */
export function queryOf(view: View, catalogue: CatalogueAnswer): StatsQueryInput {
  const { from, to } = datesOf(view, catalogue);
  return {
    metric: view.metric,
    range: { from, to, timeZone: catalogue.timeZone },
    ...(view.granularity === "auto" ? {} : { granularity: view.granularity }),
    breakdown: view.breakdown,
    filters: view.filters.map((filter) => ({ ...filter })),
    compare: view.compare,
    limit: 8,
  };
}

/** Another metric keeps everything that it can be asked for too. */
export function withMetric(view: View, metric: { name: string; measure: string; dimensions: readonly string[] }): View {
  return {
    ...view,
    metric: metric.name,
    granularity: view.granularity === "hour" && metric.measure === "active_users" ? "auto" : view.granularity,
    breakdown: metric.dimensions.includes(view.breakdown ?? "") ? view.breakdown : null,
    filters: view.filters.filter(({ dimension }) => metric.dimensions.includes(dimension)),
  };
}
