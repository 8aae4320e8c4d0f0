import type { Catalogue } from "../stats-api.ts";
import { assemble } from "./assemble.ts";
import { createCalendar } from "./calendar.ts";
import { checkParts } from "./check.ts";
import { askAboutUnread, mustAsk, unreadText } from "./doubts.ts";
import { fillerLength } from "./fillers.ts";
import type { Finding, UnreadGroup } from "./findings.ts";
import { mergeParts, type Parts, queryOf, sentenceOf } from "./parts.ts";
import type { Reading } from "./reading.ts";
import { scan } from "./scan.ts";
import { exampleQuestions } from "./suggest.ts";
import { findTimeZone } from "./time-zone.ts";
import { createVocabulary, type Vocabulary } from "./vocabulary.ts";
import { MAX_QUESTION_LENGTH, splitWords, type Word } from "./words.ts";

export interface ReadOptions {
  readonly catalogue: Catalogue;
  readonly nowMs: number;
  /** What was asked before in the same thread, for follow-ups such as "and by plan?". */
  readonly before?: Parts | undefined;
}

/**
 * Turns words into a query, deterministically. What can be read in two ways, and words that matter but are not known, come
 * back as a doubt with candidates to choose from: a guess would be a wrong number that looks right.
 */
export function readQuestion(text: string, { catalogue, nowMs, before }: ReadOptions): Reading {
  if (text.length > MAX_QUESTION_LENGTH) {
    return { kind: "unreadable", about: "That is too long for one question.", candidates: exampleQuestions(catalogue) };
  }
  const vocabulary = vocabularyOf(catalogue);
  const words = splitWords(text);
  const zone = findTimeZone(words);
  const timeZone = zone?.timeZone ?? before?.timeZone;
  const rest = zone === undefined ? words : [...words.slice(0, zone.index), ...words.slice(zone.index + zone.length)];
  const calendar = createCalendar(nowMs, timeZone ?? catalogue.timeZone, {
    weekStart: catalogue.weekStart,
    firstInstant: catalogue.dataRange?.from ?? null,
  });
  const findings = scan(rest, vocabulary, calendar);
  const unread = unreadGroups(rest, findings);
  const assembled = assemble({ words: rest, findings, unread, before, timeZone, catalogue, vocabulary, calendar });
  if (assembled.kind !== "parts") return assembled;
  const parts =
    before === undefined || assembled.parts.metric !== undefined
      ? assembled.parts
      : mergeParts(before, assembled.parts);
  const doubtful = assembled.unread.find((group) => mustAsk(group, rest, vocabulary));
  if (doubtful !== undefined) return askAboutUnread(doubtful, rest, { parts, vocabulary, catalogue });
  const checked = checkParts(parts, { catalogue, calendar });
  if (checked.kind !== "parts") return checked;
  return {
    kind: "query",
    query: queryOf(checked.parts, catalogue),
    parts: checked.parts,
    question: sentenceOf(checked.parts),
    unread: assembled.unread.map(unreadText),
  };
}

/** A catalogue is asked about often: its phrases are worked out once. */
const vocabularies = new WeakMap<Catalogue, Vocabulary>();

function vocabularyOf(catalogue: Catalogue): Vocabulary {
  const known = vocabularies.get(catalogue) ?? createVocabulary(catalogue);
  vocabularies.set(catalogue, known);
  return known;
}

function unreadGroups(words: readonly Word[], findings: readonly Finding[]): UnreadGroup[] {
  const isRead = words.map((_, index) =>
    findings.some((finding) => index >= finding.index && index < finding.index + finding.length),
  );
  const groups: { index: number; words: Word[] }[] = [];
  for (const [index, word] of words.entries()) {
    if (isRead[index] || (word.kind === "mark" && fillerLength(words, index) > 0)) continue;
    const last = groups.at(-1);
    if (last !== undefined && last.index + last.words.length === index) last.words.push(word);
    else groups.push({ index, words: [word] });
  }
  return groups;
}
