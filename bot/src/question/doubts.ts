import type { Catalogue } from "../stats-api.ts";
import { questionWith } from "./assembly.ts";
import { isStructural } from "./fillers.ts";
import type { UnreadGroup } from "./findings.ts";
import { type Parts, sentenceOf, valueList } from "./parts.ts";
import { type Candidate, MAX_CANDIDATES, type Reading } from "./reading.ts";
import { exampleQuestions, similarMeanings } from "./suggest.ts";
import { monthOf, numberOf, unitOf, weekdayOf } from "./time-words.ts";
import type { Meaning, MeaningKind, Vocabulary } from "./vocabulary.ts";
import { joinWords, type Word } from "./words.ts";

export function unreadText(group: UnreadGroup): string {
  return joinWords(group.words);
}

/** The phrase by which a candidate names a meaning, unmistakably. */
function unmistakable(meaning: Meaning): string {
  switch (meaning.kind) {
    case "metric":
      return meaning.metric.name;
    case "dimension":
      return meaning.dimension.name;
    case "value":
      return `${meaning.dimension.name} = ${valueList([meaning.value])}`;
  }
}

function titleOf(meaning: Meaning): string {
  switch (meaning.kind) {
    case "metric":
      return meaning.metric.title;
    case "dimension":
      return `by ${meaning.dimension.title}`;
    case "value":
      return `${meaning.dimension.title}: ${meaning.title}`;
  }
}

/** Which unread words must be settled before answering: those that a preposition leads up to, numbers, times, and near misses. */
export function mustAsk(group: UnreadGroup, words: readonly Word[], vocabulary: Vocabulary): boolean {
  if (isStructural(words[group.index - 1])) return true;
  if (group.words.some((word) => word.kind !== "word" || isTimeLike(word) || isStructural(word))) return true;
  return similarMeanings(unreadText(group), vocabulary, ALL_KINDS).length > 0;
}

const ALL_KINDS: readonly MeaningKind[] = ["metric", "dimension", "value"];

function isTimeLike({ text }: Word): boolean {
  return (
    [numberOf(text), unitOf(text), monthOf(text), weekdayOf(text)].some((value) => value !== undefined) ||
    /^(?:next|tomorrow|ago)$/.test(text)
  );
}

/** Asks about words that were not understood, with what they may have been. */
export function askAboutUnread(
  group: UnreadGroup,
  words: readonly Word[],
  known: { parts: Parts; vocabulary: Vocabulary; catalogue: Catalogue },
): Reading {
  const { parts, vocabulary, catalogue } = known;
  const text = unreadText(group);
  const isDate = group.words.length === 1 && group.words[0]?.kind === "date";
  const candidates = isDate ? dateCandidates(group, words) : similarCandidates(group, words, parts, vocabulary);
  const without: Candidate[] =
    parts.metric === undefined ? [] : [{ label: `Leave out “${text}”`, question: sentenceOf(parts) }];
  const all = [...candidates, ...without].slice(0, MAX_CANDIDATES);
  const about = aboutUnread(text, isDate, candidates.length);
  if (all.length > 0) return { kind: "doubt", about, candidates: all };
  return { kind: "unreadable", about, candidates: exampleQuestions(catalogue) };
}

function aboutUnread(text: string, isDate: boolean, candidates: number): string {
  if (/^(?:next|tomorrow)\b/.test(text)) return `I know what has happened, not what will: “${text}” is still to come.`;
  if (candidates === 0) return `I do not know what “${text}” means here.`;
  return isDate
    ? `I can read “${text}” in two ways. Which day is meant?`
    : `I do not know “${text}”. Did you mean this?`;
}

function similarCandidates(
  group: UnreadGroup,
  words: readonly Word[],
  parts: Parts,
  vocabulary: Vocabulary,
): Candidate[] {
  const kinds: readonly MeaningKind[] = parts.metric === undefined ? ["metric"] : ["dimension", "value"];
  const nearest = similarMeanings(unreadText(group), vocabulary, kinds);
  // Without a metric, a near miss of some value would be no question either: examples say more.
  const isEnough = nearest.length > 0 || parts.metric === undefined;
  const meanings = isEnough ? nearest : similarMeanings(unreadText(group), vocabulary, ALL_KINDS);
  return meanings.slice(0, MAX_CANDIDATES - 1).map((meaning) => ({
    label: titleOf(meaning),
    question: questionWith({ words }, { index: group.index, length: group.words.length }, unmistakable(meaning)),
  }));
}

/** 11/03/2026: the month may stand first or second. */
function dateCandidates(group: UnreadGroup, words: readonly Word[]): Candidate[] {
  const [first = "", second = "", year = ""] = group.words[0]?.raw.match(/\d+/g) ?? [];
  if (year.length !== 4 || Number(first) > 12 || Number(second) > 12 || Number(first) < 1 || Number(second) < 1)
    return [];
  return [
    `${year}-${first.padStart(2, "0")}-${second.padStart(2, "0")}`,
    `${year}-${second.padStart(2, "0")}-${first.padStart(2, "0")}`,
  ].map((date) => ({ label: date, question: questionWith({ words }, { index: group.index, length: 1 }, date) }));
}
