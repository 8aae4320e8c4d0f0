import type { StatsAnswer } from "../stats-api.ts";
import { describeInstant } from "./dates.ts";
import { escapeMarkup, listed } from "./text.ts";

/** The small print, a line each, in mrkdwn: what was passed over, what is unfinished, how fresh it is, whose days these are. */
export function answerNotes(
  answer: StatsAnswer,
  { unread = [], asked }: { readonly unread?: readonly string[]; readonly asked?: string },
): string[] {
  const { partial, freshness, range, comparison } = answer;
  const { timeZone } = range;
  const left = listed(unread.map((words) => `“${escapeMarkup(words)}”`));
  const newest =
    freshness.latestEventAt === null
      ? "No events yet"
      : `Newest event ${describeInstant(freshness.latestEventAt, timeZone)}`;
  const samePart = comparison?.isSamePart ? ", and compared with the same part of the earlier one" : "";
  return [
    ...(unread.length === 0 ? [] : [`⚠ I did not understand ${left} and left it out.`]),
    ...(partial === null
      ? []
      : [`This period is not over: counted up to ${describeInstant(partial.until, timeZone)}${samePart}.`]),
    `${newest} · days in ${escapeMarkup(timeZone)}`,
    ...(asked === undefined ? [] : [asked]),
  ];
}
