import { type Assembly, allSaid, type Choice, doubt, questionWith, questionWithout, textAt } from "./assembly.ts";
import { settleComparison } from "./comparison.ts";
import type { Parts } from "./parts.ts";
import type { Candidate } from "./reading.ts";

/** The period and the comparison, which settle together: "vs last month" says something about both. */
export function chooseRange(input: Assembly, hasMetric: boolean): Choice<Pick<Parts, "period" | "compare">> {
  const periods = allSaid(input, "period");
  const distinct = new Set(periods.map(({ said }) => `${said.period.from} ${said.period.to}`));
  if (distinct.size > 1) {
    const candidates = periods.map(({ said: { period } }) => ({
      label: period.words,
      question: questionWithout(input, periods, period.words),
    }));
    const [first, second] = periods;
    const isSamePlace = first !== undefined && first.index === second?.index && periods.length === 2;
    const about = isSamePlace
      ? `“${textAt(input, first)}” may be one of these. Which one?`
      : "I can show one period at a time. Which one?";
    return doubt(about, candidates);
  }
  const period = periods[0]?.said.period;
  const wish = allSaid(input, "comparison").at(-1)?.said.wish;
  if (wish === undefined) return period === undefined ? {} : { period };
  const known = period ?? (hasMetric ? undefined : input.before?.period);
  const settled = settleComparison(wish, known, input.calendar);
  if (settled === undefined) return doubt(WHICH_COMPARISON, comparisonCandidates(input));
  const chosen = settled.period ?? period;
  return { ...(chosen !== undefined && { period: chosen }), compare: settled.compare };
}

const WHICH_COMPARISON =
  "I can compare with the period just before, or with the same period a year earlier. Which one?";

function comparisonCandidates(input: Assembly): Candidate[] {
  const said = allSaid(input, "comparison").at(-1);
  if (said === undefined) return [];
  return [
    { label: "the period before", question: questionWith(input, said, "vs previous period") },
    { label: "a year earlier", question: questionWith(input, said, "vs same period last year") },
  ];
}
