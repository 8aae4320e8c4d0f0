import { MAX_QUESTION_LENGTH } from "../question/words.ts";
import type { Catalogue, StatsAnswer } from "../stats-api.ts";
import { ACTIONS } from "./action-ids.ts";
import { actions, button, type MessageBlock, select } from "./blocks.ts";

/** Read as follow-ups to the question of the message. */
export const PERIOD_OPTIONS = [
  "today",
  "yesterday",
  "last 7 days",
  "last 30 days",
  "this week",
  "last week",
  "this month",
  "last month",
  "this quarter",
  "this year",
  "last 12 months",
].map((words) => ({ label: words.replace(/^./, (first) => first.toUpperCase()), value: words }));

/** Refresh, another period, another breakdown. */
export function answerActions(
  answer: StatsAnswer,
  { catalogue, question }: { catalogue: Catalogue; question: string },
): MessageBlock[] {
  if (question.length > MAX_QUESTION_LENGTH) return [];
  const dimensions = catalogue.dimensions
    .filter(({ name }) => answer.metric.dimensions.includes(name) && name !== answer.breakdown?.dimension)
    .map(({ name, title }) => ({ label: `By ${title}`, value: `by ${name}` }));
  return [
    actions([
      button(ACTIONS.refresh, "Refresh", question),
      select(ACTIONS.changePeriod, "Change period", PERIOD_OPTIONS),
      ...(dimensions.length === 0 ? [] : [select(ACTIONS.changeBreakdown, "Break down by", dimensions)]),
    ]),
  ];
}
