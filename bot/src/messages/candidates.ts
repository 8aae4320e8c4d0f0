import { type Candidate, MAX_CANDIDATES, type Reading } from "../question/reading.ts";
import { MAX_QUESTION_LENGTH } from "../question/words.ts";
import { ACTIONS } from "./action-ids.ts";
import { actions, button, context, type Message, section } from "./blocks.ts";
import { clip, escapeMarkup } from "./text.ts";

/** Asks back, with a button for each way the question can be read. */
export function doubtMessage(reading: Exclude<Reading, { kind: "query" }>, question: string): Message {
  const about = escapeMarkup(reading.about);
  const lead = reading.kind === "doubt" ? about : `${about} ${TRY}`;
  const buttons = candidateButtons(reading.candidates);
  const quoted = question.trim() === "" ? [] : [context([`You asked: ${escapeMarkup(clip(question, 300))}`])];
  const labels = reading.candidates.map((candidate) => `• ${escapeMarkup(candidate.label)}`);
  return {
    text: clip([lead, ...labels].join("\n"), 3_900),
    blocks: [section(lead), ...(buttons.length === 0 ? [] : [actions(buttons)]), ...quoted],
  };
}

const TRY = "Try one of these, or type `help`.";

export function candidateButtons(candidates: readonly Candidate[]): ReturnType<typeof button>[] {
  return candidates
    .filter((candidate) => candidate.question.length <= MAX_QUESTION_LENGTH)
    .slice(0, MAX_CANDIDATES)
    .map(({ label, question }, index) => button(`${ACTIONS.ask}:${index}`, label, question));
}
