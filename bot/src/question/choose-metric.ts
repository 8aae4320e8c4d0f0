import type { MetricInfo } from "../stats-api.ts";
import {
  type Assembly,
  allSaid,
  type Choice,
  doubt,
  questionWith,
  questionWithout,
  textAt,
  type WordPlace,
} from "./assembly.ts";
import type { UnreadGroup } from "./findings.ts";
import type { Candidate } from "./reading.ts";
import { metricsContaining } from "./suggest.ts";

type ChosenMetric = Choice<{ readonly metric: MetricInfo | undefined; readonly unread: readonly UnreadGroup[] }>;

/** The one metric that the question names, if any. */
export function chooseMetric(input: Assembly): ChosenMetric {
  const said = allSaid(input, "metric");
  const main = said.filter((finding) => !finding.said.isAside);
  const named = main.length > 0 ? main : said;
  const distinct = new Map(named.flatMap((finding) => finding.said.metrics.map((metric) => [metric.name, metric])));
  const metrics = [...distinct.values()];
  const [first] = named;
  if (first === undefined) return chooseFromPart(input);
  if (metrics.length === 1) return { metric: metrics[0], unread: input.unread };
  if (named.length === 1) {
    return doubt(
      `“${textAt(input, first)}” names more than one metric. Which one?`,
      candidatesAt(input, first, metrics),
    );
  }
  const candidates = metrics.map(({ title, name }) => ({
    label: title,
    question: questionWithout(input, named, name),
  }));
  return doubt("I answer one metric at a time. Which one first?", candidates);
}

/** `conversion` for Conversion rate: taken where only one metric has that word, asked where several have. */
function chooseFromPart(input: Assembly): ChosenMetric {
  for (const group of input.unread) {
    const metrics = metricsContaining(group.words, input.vocabulary);
    const unread = input.unread.filter((other) => other !== group);
    if (metrics.length === 1) return { metric: metrics[0], unread };
    if (metrics.length > 1) {
      const place = { index: group.index, length: group.words.length };
      return doubt(`“${textAt(input, place)}” may be one of these. Which one?`, candidatesAt(input, place, metrics));
    }
  }
  return { metric: undefined, unread: input.unread };
}

function candidatesAt(input: Assembly, place: WordPlace, metrics: readonly MetricInfo[]): Candidate[] {
  return metrics.map(({ title, name }) => ({ label: title, question: questionWith(input, place, name) }));
}
