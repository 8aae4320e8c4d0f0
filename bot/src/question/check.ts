import type { Catalogue, DimensionInfo, MetricInfo } from "../stats-api.ts";
import { type Calendar, shift, startOf } from "./calendar.ts";
import { DEFAULT_PERIOD_WORDS, type Parts, sentenceOf } from "./parts.ts";
import type { Period } from "./period.ts";
import { type Candidate, MAX_CANDIDATES, type Reading } from "./reading.ts";
import { exampleQuestions } from "./suggest.ts";

export type Checked =
  | { readonly kind: "parts"; readonly parts: Parts & { metric: string; period: Period } }
  | Exclude<Reading, { kind: "query" }>;

/** Fills in what was left out and refuses what cannot be asked, each with a way on. */
export function checkParts(
  parts: Parts,
  { catalogue, calendar }: { catalogue: Catalogue; calendar: Calendar },
): Checked {
  const metric = catalogue.metrics.find(({ name }) => name === parts.metric);
  if (metric === undefined) {
    return { kind: "unreadable", about: "I could not find a metric in that.", candidates: exampleQuestions(catalogue) };
  }
  const period = parts.period ?? defaultPeriod(calendar);
  const wrongPeriod = checkPeriod(parts, period, calendar);
  if (wrongPeriod !== undefined) return wrongPeriod;
  return (
    checkDimensions(parts, metric, catalogue) ??
    checkLimit(parts, metric, catalogue) ?? { kind: "parts", parts: { ...parts, metric: metric.name, period } }
  );
}

function defaultPeriod(calendar: Calendar): Period {
  const to = startOf("day", calendar.today, calendar);
  return { from: shift(to, "day", -30).toString(), to: to.toString(), words: DEFAULT_PERIOD_WORDS, unit: "day" };
}

function checkPeriod(parts: Parts, period: Period, { today, hour }: Calendar): Checked | undefined {
  const now = period.unit === "hour" ? hour.toString({ smallestUnit: "minute" }) : today.toString();
  const isFuture = period.from > now;
  if (!isFuture && period.from < period.to) return undefined;
  const about = isFuture ? `“${period.words}” has not begun yet.` : `“${period.words}” ends before it begins.`;
  return { kind: "unreadable", about, candidates: periodCandidates(parts) };
}

const USUAL_PERIODS = ["last 7 days", DEFAULT_PERIOD_WORDS, "this month", "last month"];

function periodCandidates(parts: Parts): Candidate[] {
  const { period: _, ...rest } = parts;
  return USUAL_PERIODS.map((words) => ({ label: words, question: `${sentenceOf(rest)} ${words}` }));
}

/** "Top 5" needs groups to choose from. */
function checkLimit(parts: Parts, metric: MetricInfo, { dimensions }: Catalogue): Checked | undefined {
  if (parts.limit === undefined || parts.breakdown !== undefined) return undefined;
  const own = dimensions.filter(({ name }) => metric.dimensions.includes(name));
  const { limit, ...rest } = parts;
  const candidates = [
    ...own.map(({ name, title }) => ({ label: `by ${title}`, question: sentenceOf({ ...parts, breakdown: name }) })),
    { label: `${metric.title} as a whole`, question: sentenceOf(rest) },
  ];
  return { kind: "doubt", about: `The top ${limit} of what?`, candidates: candidates.slice(0, MAX_CANDIDATES) };
}

function checkDimensions(parts: Parts, metric: MetricInfo, catalogue: Catalogue): Checked | undefined {
  const asked = [
    ...(parts.breakdown === undefined ? [] : [parts.breakdown]),
    ...parts.filters.map((filter) => filter.dimension),
  ];
  const foreign = asked.find((name) => !metric.dimensions.includes(name));
  if (foreign === undefined) return undefined;
  const titles = new Map(catalogue.dimensions.map((dimension): [string, DimensionInfo] => [dimension.name, dimension]));
  const title = titles.get(foreign)?.title ?? foreign;
  const { breakdown: _, ...rest } = {
    ...parts,
    filters: parts.filters.filter((filter) => metric.dimensions.includes(filter.dimension)),
  };
  const others = metric.dimensions.map((name) => ({
    label: `by ${titles.get(name)?.title ?? name}`,
    question: sentenceOf({ ...rest, breakdown: name }),
  }));
  const without = { label: `${metric.title} as a whole`, question: sentenceOf(rest) };
  return {
    kind: "doubt",
    about: `${metric.title} is not recorded by ${title}.`,
    candidates: [without, ...others].slice(0, MAX_CANDIDATES),
  };
}
