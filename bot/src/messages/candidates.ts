import type { ActionsBlock } from "@slack/types";
import { type Candidate, MAX_CANDIDATES, type Reading } from "../question/reading.ts";
import { MAX_QUESTION_LENGTH } from "../question/words.ts";
import { ACTIONS } from "./action-ids.ts";
import { actions, button, context, type Message, section } from "./blocks.ts";
import { clip, escapeMarkup, quoteTyped } from "./text.ts";

/** Asks back, with a button for each way the question can be read. */
export function doubtMessage(reading: Exclude<Reading, { kind: "query" }>, question: string): Message {
  const about = escapeMarkup(reading.about);
  const lead = reading.kind === "doubt" ? about : `${about} ${TRY}`;
  const quoted = question.trim() === "" ? [] : [context([`You asked: ${quoteTyped(question, 300)}`])];
  const labels = reading.candidates.map((candidate) => `• ${escapeMarkup(candidate.label)}`);
  return {
    text: clip([lead, ...labels].join("\n"), 3_900),
    blocks: [section(lead), ...candidateActions(reading.candidates), ...quoted],
  };
}

const TRY = "Try one of these, or type `help`.";

/** A row of buttons; none where there is nothing to press. A sentence that is too long to be read again gets no button. */
export function candidateActions(candidates: readonly Candidate[]): ActionsBlock[] {
  const buttons = candidates
    .filter((candidate) => candidate.question.length <= MAX_QUESTION_LENGTH)
    .slice(0, MAX_CANDIDATES)
    .map(({ label, question }, index) => button(`${ACTIONS.ask}:${index}`, label, question));
  return buttons.length === 0 ? [] : [actions(buttons)];
}
