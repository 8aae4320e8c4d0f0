import type { Catalogue, StatsAnswer } from "../stats-api.ts";
import { answerActions } from "./answer-actions.ts";
import { answerNotes } from "./answer-notes.ts";
import { describeAnswer } from "./answer-reading.ts";
import { context, header, type Message, type MessageBlock, section } from "./blocks.ts";
import { chartOf } from "./chart.ts";
import { describeInstant, describeRange } from "./dates.ts";
import { formatChange, formatDifference, formatValue, moodOf } from "./numbers.ts";
import { tableOf } from "./table.ts";
import { clip, escapeMarkup } from "./text.ts";

export interface AnswerContext {
  readonly catalogue: Catalogue;
  /** The canonical sentence, for refreshing and changing. */
  readonly question: string;
  /** Words that were passed over, as typed. */
  readonly unread?: readonly string[];
  /** Said after the notes, in mrkdwn: who asked, where a command does not show it. */
  readonly asked?: string;
}

/** An answer with its plainer form, for a Slack that does not take charts or tables yet. */
export interface AnswerMessages {
  readonly full: Message;
  readonly plain: Message;
}

/** Slack cuts longer texts. */
const MAX_TEXT = 3_900;
const MAX_LISTED = 15;

/** The stats app's answer as a message: the number and its change, what was understood, a chart, a table, and what to do next. */
export function answerMessages(answer: StatsAnswer, about: AnswerContext): AnswerMessages {
  const dimension = about.catalogue.dimensions.find(({ name }) => name === answer.breakdown?.dimension);
  const chart = chartOf(answer, dimension?.title);
  const table = answer.total === null ? undefined : tableOf(answer, dimension?.title);
  const change = changeLine(answer);
  const top = [
    header(`${answer.metric.title}: ${formatValue(answer.total, answer.metric)}`),
    ...(change === undefined ? [] : [section(change)]),
    context([describeAnswer(answer, about.catalogue)]),
  ];
  const notes = answerNotes(answer, about);
  const bottom = (chartNote: string | undefined): MessageBlock[] => [
    context([[...(chartNote === undefined ? [] : [chartNote]), ...notes].join("\n")]),
    ...answerActions(answer, about),
  ];
  const list = listOf(answer);
  const text = clip([summaryOf(answer), list].filter((part) => part !== "").join("\n"), MAX_TEXT);
  return {
    full: {
      text,
      blocks: [...top, ...(chart ? [chart.block] : []), ...(table ? [table] : []), ...bottom(chart?.note)],
    },
    plain: { text, blocks: [...top, ...(list === "" ? [] : [section(list)]), ...bottom(undefined)] },
  };
}

/** `▲ *12.3 %* (+135), better than 9 – 15 Nov 2026 (1,099)`, in mrkdwn. */
function changeLine(answer: StatsAnswer): string | undefined {
  const { total, metric, comparison } = answer;
  if (total === null) return "There are no events to count in this period.";
  if (comparison === null) return undefined;
  const range = describeRange(comparison.range);
  if (comparison.total === null) return `There were no events in ${range}.`;
  if (comparison.isBeforeData)
    return escapeMarkup(`No comparison with ${range}: there is no data${beforeFirstEvent(answer)}.`);
  const formatted = formatChange(comparison.change, metric);
  const { absolute } = comparison.change;
  if (formatted === undefined || absolute === null) return undefined;
  const earlier = `${range} (${formatValue(comparison.total, metric)})`;
  if (absolute === 0) return escapeMarkup(`No change from ${earlier}`);
  const [arrow, ...size] = formatted.split(" ");
  const difference = formatDifference(absolute, metric);
  const shown = `${arrow} *${size.join(" ")}*${difference === undefined ? "" : ` (${difference})`}`;
  return escapeMarkup(`${shown}, ${moodOf(absolute, metric)} than ${earlier}`);
}

function beforeFirstEvent({ freshness: { earliestEventAt }, range }: StatsAnswer): string {
  return earliestEventAt === null ? "" : ` before ${describeInstant(earliestEventAt, range.timeZone)}`;
}

/** One sentence with the numbers: what a notification shows. */
function summaryOf(answer: StatsAnswer): string {
  const { metric, total, comparison, range } = answer;
  const isComparable = comparison !== null && total !== null && !comparison.isBeforeData;
  const change = isComparable ? formatChange(comparison.change, metric) : undefined;
  const compared =
    change === undefined || comparison === null ? "" : ` (${change} vs ${describeRange(comparison.range)})`;
  return escapeMarkup(`${metric.title}, ${describeRange(range)}: ${formatValue(total, metric)}${compared}`);
}

/** The groups in words, in mrkdwn. */
function listOf({ breakdown, metric }: StatsAnswer): string {
  const groups = breakdown?.groups ?? [];
  const lines = groups.slice(0, MAX_LISTED).map((group) => {
    const change = group.comparison === null ? undefined : formatChange(group.comparison.change, metric);
    return escapeMarkup(
      `• ${clip(group.title, 60)}: ${formatValue(group.total, metric)}${change === undefined ? "" : ` (${change})`}`,
    );
  });
  const more = groups.length - lines.length + (breakdown?.others?.groups ?? 0);
  return [...lines, ...(more > 0 && lines.length > 0 ? [`• and ${more} more`] : [])].join("\n");
}
