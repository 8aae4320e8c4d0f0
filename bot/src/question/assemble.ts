import type { Catalogue, DimensionInfo, Filter, MetricInfo } from "../stats-api.ts";
import type { Calendar } from "./calendar.ts";
import { settleComparison } from "./comparison.ts";
import { replaced, titleOf, type UnreadGroup, unmistakable } from "./doubts.ts";
import type { Finding, Said, ValueMeaning } from "./findings.ts";
import type { Parts } from "./parts.ts";
import type { Period } from "./period.ts";
import { type Candidate, MAX_CANDIDATES, type Reading } from "./reading.ts";
import { exampleQuestions, metricsContaining } from "./suggest.ts";
import type { Meaning, Vocabulary } from "./vocabulary.ts";
import type { Word } from "./words.ts";

export interface Assembly {
  readonly words: readonly Word[];
  readonly findings: readonly Finding[];
  readonly unread: readonly UnreadGroup[];
  readonly before: Parts | undefined;
  readonly timeZone: string | undefined;
  readonly catalogue: Catalogue;
  readonly vocabulary: Vocabulary;
  readonly calendar: Calendar;
}

export type Assembled =
  | { readonly kind: "parts"; readonly parts: Parts; readonly unread: readonly UnreadGroup[] }
  | Exclude<Reading, { kind: "query" }>;

type Doubt = Exclude<Reading, { kind: "query" }>;

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
  const granularity = lastSaid(input, "granularity")?.granularity;
  const limit = lastSaid(input, "limit")?.limit;
  const parts: Parts = {
    ...(metric.metric !== undefined && { metric: metric.metric.name }),
    ...range,
    ...(granularity !== undefined && { granularity }),
    ...(breakdown.dimension !== undefined && { breakdown: breakdown.dimension.name }),
    filters: filters.filters,
    ...(limit !== undefined && { limit }),
    ...(input.timeZone !== undefined && { timeZone: input.timeZone }),
  };
  return { kind: "parts", parts, unread: metric.unread };
}

function allSaid<Kind extends Said["kind"]>(
  { findings }: Assembly,
  kind: Kind,
): (Finding & { said: Extract<Said, { kind: Kind }> })[] {
  return findings.filter(
    (finding): finding is Finding & { said: Extract<Said, { kind: Kind }> } => finding.said.kind === kind,
  );
}

function lastSaid<Kind extends Said["kind"]>(input: Assembly, kind: Kind): Extract<Said, { kind: Kind }> | undefined {
  return allSaid(input, kind).at(-1)?.said;
}

function doubt(about: string, candidates: readonly Candidate[]): { doubt: Doubt } {
  return { doubt: { kind: "doubt", about, candidates: candidates.slice(0, MAX_CANDIDATES) } };
}

type Choice<T> = T | { readonly doubt: Doubt };

function chooseMetric(input: Assembly): Choice<{ metric: MetricInfo | undefined; unread: readonly UnreadGroup[] }> {
  const said = allSaid(input, "metric");
  const main = said.filter((finding) => !finding.said.isAside);
  const named = main.length > 0 ? main : said;
  const distinct = new Map(named.flatMap((finding) => finding.said.metrics.map((metric) => [metric.name, metric])));
  if (distinct.size === 0) return guessFromPart(input);
  const [first] = named;
  if (distinct.size === 1 || first === undefined) return { metric: [...distinct.values()][0], unread: input.unread };
  if (named.length === 1)
    return doubt(
      `“${textOf(input, first)}” names more than one metric. Which one?`,
      metricCandidates(input, first, [...distinct.values()]),
    );
  return doubt("I answer one metric at a time. Which one first?", namedCandidates(input, named));
}

/** `conversion` for Conversion rate: taken where only one metric has that word, asked where several have. */
function guessFromPart(input: Assembly): Choice<{ metric: MetricInfo | undefined; unread: readonly UnreadGroup[] }> {
  for (const group of input.unread) {
    const metrics = metricsContaining(group.words, input.vocabulary).flatMap((meaning) =>
      meaning.kind === "metric" ? [meaning.metric] : [],
    );
    const unread = input.unread.filter((other) => other !== group);
    if (metrics.length === 1) return { metric: metrics[0], unread };
    const place = { index: group.index, length: group.words.length };
    if (metrics.length > 1) {
      return doubt(
        `“${group.words.map((word) => word.raw).join(" ")}” may be one of these. Which one?`,
        metricCandidates(input, place, metrics),
      );
    }
  }
  return { metric: undefined, unread: input.unread };
}

function metricCandidates(
  input: Assembly,
  place: { index: number; length: number },
  metrics: readonly MetricInfo[],
): Candidate[] {
  return metrics.map((metric) => candidate(input, place, { kind: "metric", metric }));
}

/** Several metrics in one question: each candidate keeps one and drops the others. */
function namedCandidates(
  input: Assembly,
  named: readonly (Finding & { said: Extract<Said, { kind: "metric" }> })[],
): Candidate[] {
  return named.flatMap((kept) =>
    kept.said.metrics.map((metric) => {
      const dropped = new Set(
        named.flatMap((other) => Array.from({ length: other.length }, (_, at) => other.index + at)),
      );
      const rest = input.words.filter((_, index) => !dropped.has(index));
      const at = input.words.slice(0, kept.index).filter((_, index) => !dropped.has(index)).length;
      return { label: metric.title, question: replaced(rest, at, 0, metric.name) };
    }),
  );
}

function candidate(input: Assembly, { index, length }: { index: number; length: number }, meaning: Meaning): Candidate {
  return { label: titleOf(meaning), question: replaced(input.words, index, length, unmistakable(meaning)) };
}

function textOf({ words }: Assembly, { index, length }: { index: number; length: number }): string {
  return words
    .slice(index, index + length)
    .map((word) => word.raw)
    .join(" ");
}

function chooseBreakdown(
  input: Assembly,
  metric: MetricInfo | undefined,
): Choice<{ dimension: DimensionInfo | undefined }> {
  const said = allSaid(input, "breakdown");
  const explicit = said.filter((finding) => finding.said.isExplicit);
  const dimensionsOf = (finding: { said: { dimensions: readonly DimensionInfo[] } }): readonly DimensionInfo[] =>
    suitable(finding.said.dimensions, metric, (dimension) => dimension.name);
  const distinct = new Map(
    said.flatMap((finding) => dimensionsOf(finding).map((dimension) => [dimension.name, dimension])),
  );
  if (distinct.size <= 1) return { dimension: [...distinct.values()][0] };
  if (said.length === 1 && said[0] !== undefined) {
    const place = said[0];
    return doubt(
      `“${textOf(input, place)}” may be one of these. Which one?`,
      [...distinct.values()].map((dimension) => ({
        label: `by ${dimension.title}`,
        question: replaced(input.words, place.index, place.length, `by ${dimension.name}`),
      })),
    );
  }
  const places = explicit.length > 0 ? said : said.slice(0, 1);
  const dropped = new Set(places.flatMap((place) => Array.from({ length: place.length }, (_, at) => place.index + at)));
  const rest = input.words.filter(
    (word, index) => !dropped.has(index) && !(word.text === "and" && dropped.has(index - 1)),
  );
  return doubt(
    "I can break down by one thing at a time. By which?",
    [...distinct.values()].map((dimension) => ({
      label: `by ${dimension.title}`,
      question: replaced(rest, rest.length, 0, `by ${dimension.name}`),
    })),
  );
}

/** Narrows to what the metric has; where it has none of them, all stay, so that the answer can say what it has. */
function suitable<T>(
  options: readonly T[],
  metric: MetricInfo | undefined,
  nameOf: (option: T) => string,
): readonly T[] {
  const own = metric === undefined ? options : options.filter((option) => metric.dimensions.includes(nameOf(option)));
  return own.length > 0 ? own : options;
}

function chooseFilters(input: Assembly, metric: MetricInfo | undefined): Choice<{ filters: readonly Filter[] }> {
  const filters = new Map<string, { dimension: string; operator: Filter["operator"]; values: string[] }>();
  for (const finding of allSaid(input, "filter")) {
    const options = sharedDimensions(finding.said.values, metric);
    const [dimension] = options;
    if (dimension === undefined)
      return doubt(
        `“${textOf(input, finding)}” mixes different things. Ask for one at a time.`,
        exampleQuestions(input.catalogue),
      );
    if (options.length > 1)
      return doubt(
        `“${textOf(input, finding)}” may be one of these. Which one?`,
        filterCandidates(input, finding, options),
      );
    for (const meanings of finding.said.values) {
      for (const meaning of meanings) {
        if (!options.includes(meaning.dimension.name) && finding.said.values.length === 1) continue;
        const own = meanings.find((other) => other.dimension.name === dimension) ?? meaning;
        addFilter(filters, own, finding.said.operator);
        break;
      }
    }
  }
  return { filters: [...filters.values()] };
}

function addFilter(
  filters: Map<string, { dimension: string; operator: Filter["operator"]; values: string[] }>,
  meaning: ValueMeaning,
  operator: Filter["operator"],
): void {
  const key = `${operator} ${meaning.dimension.name}`;
  const filter = filters.get(key) ?? { dimension: meaning.dimension.name, operator, values: [] };
  if (!filter.values.includes(meaning.value)) filter.values.push(meaning.value);
  filters.set(key, filter);
}

/** Dimensions that hold every value of a list. */
function sharedDimensions(
  values: readonly (readonly ValueMeaning[])[],
  metric: MetricInfo | undefined,
): readonly string[] {
  const [first = [], ...others] = values;
  const names = first.map((meaning) => meaning.dimension.name);
  const shared = names.filter((name) =>
    others.every((meanings) => meanings.some((meaning) => meaning.dimension.name === name)),
  );
  return suitable([...new Set(shared)], metric, (name) => name);
}

function filterCandidates(
  input: Assembly,
  finding: Finding & { said: Extract<Said, { kind: "filter" }> },
  dimensions: readonly string[],
): Candidate[] {
  return dimensions.map((name) => {
    const meanings = finding.said.values.flatMap((values) =>
      values.filter((meaning) => meaning.dimension.name === name),
    );
    const list = meanings.map((meaning) => `"${meaning.value.replaceAll('"', "")}"`).join(", ");
    const sign = finding.said.operator === "is" ? "=" : "!=";
    const title = meanings[0]?.dimension.title ?? name;
    return {
      label: `${title}: ${meanings.map((meaning) => meaning.title).join(", ")}`,
      question: replaced(input.words, finding.index, finding.length, `${name} ${sign} ${list}`),
    };
  });
}

/** The period and the comparison settle together: "vs last month" says something about both. */
function chooseRange(input: Assembly, hasMetric: boolean): Choice<Pick<Parts, "period" | "compare">> {
  const periods = allSaid(input, "period");
  const distinct = new Map(periods.map(({ said }) => [`${said.period.from} ${said.period.to}`, said.period]));
  if (distinct.size > 1) {
    return doubt(
      "I can show one period at a time. Which one?",
      periods.map((kept) => periodCandidate(input, periods, kept.said.period)),
    );
  }
  const period = periods[0]?.said.period;
  const wish = lastSaid(input, "comparison")?.wish;
  if (wish === undefined) return period === undefined ? {} : { period };
  const known = period ?? (hasMetric ? undefined : input.before?.period);
  const settled = settleComparison(wish, known, input.calendar);
  if (settled === undefined)
    return doubt(
      "I can compare with the period just before, or with the same period a year earlier. Which one?",
      comparisonCandidates(input),
    );
  const chosen = settled.period ?? period;
  return { ...(chosen !== undefined && { period: chosen }), compare: settled.compare };
}

function periodCandidate(input: Assembly, periods: readonly Finding[], period: Period): Candidate {
  const dropped = new Set(
    periods.flatMap((place) => Array.from({ length: place.length }, (_, at) => place.index + at)),
  );
  const rest = input.words.filter((_, index) => !dropped.has(index));
  return { label: period.words, question: replaced(rest, rest.length, 0, period.words) };
}

function comparisonCandidates(input: Assembly): Candidate[] {
  const said = allSaid(input, "comparison").at(-1);
  if (said === undefined) return [];
  return [
    ["the period before", "vs previous period"],
    ["a year earlier", "vs same period last year"],
  ].map(([label = "", words = ""]) => ({ label, question: replaced(input.words, said.index, said.length, words) }));
}
