import Fuse from "fuse.js";
import type { Catalogue, MetricInfo } from "../stats-api.ts";
import { type Candidate, MAX_CANDIDATES } from "./reading.ts";
import { type Meaning, type MeaningKind, meaningKey, type Phrase, type Vocabulary } from "./vocabulary.ts";
import { singular, type Word } from "./words.ts";

/** Fuse's score: 0 is the same, 1 has nothing in common. */
const SIMILAR_ENOUGH = 0.4;
const MIN_LENGTH = 3;

/** Meanings whose names look like the words, nearest first. */
export function similarMeanings(text: string, vocabulary: Vocabulary, kinds: readonly MeaningKind[]): Meaning[] {
  if (text.length < MIN_LENGTH) return [];
  const phrases = vocabulary.phrases.filter(
    (phrase) => kinds.includes(phrase.meaning.kind) && phrase.text.length >= MIN_LENGTH,
  );
  const fuse = new Fuse(phrases, { keys: ["text"], threshold: SIMILAR_ENOUGH, distance: 30, minMatchCharLength: 2 });
  const nearest = new Map<string, Meaning>();
  for (const { item } of fuse.search(text.slice(0, 32), { limit: 20 })) {
    if (Math.abs(item.text.length - text.length) > Math.max(4, text.length)) continue;
    const key = meaningKey(item.meaning);
    if (!nearest.has(key)) nearest.set(key, item.meaning);
  }
  return [...nearest.values()].slice(0, MAX_CANDIDATES);
}

/** Metrics one of whose names holds all of these words, or begins with what was typed: `conversion` → Conversion rate. */
export function metricsContaining(words: readonly Word[], vocabulary: Vocabulary): MetricInfo[] {
  const wanted = words.map((word) => singular(word.text));
  const matching = vocabulary.phrases.filter(
    (phrase) =>
      phrase.meaning.kind === "metric" && wanted.every((text) => phrase.words.some((word) => isBeginning(text, word))),
  );
  const best = matching.filter((phrase) => beginsWith(phrase, wanted));
  const metrics = (best.length > 0 ? best : matching).flatMap(({ meaning }) =>
    meaning.kind === "metric" ? [meaning.metric] : [],
  );
  return [...new Set(metrics)];
}

function isBeginning(text: string, word: string): boolean {
  return text === word || (text.length >= 4 && word.startsWith(text));
}

function beginsWith(phrase: Phrase, wanted: readonly string[]): boolean {
  return wanted.every((text, at) => text === phrase.words[at]);
}

/** Questions that certainly work: the catalogue's own examples, spread over the metrics. */
export function exampleQuestions(catalogue: Catalogue, count = MAX_CANDIDATES): Candidate[] {
  const rounds = Math.max(0, ...catalogue.metrics.map((metric) => metric.examples.length));
  const questions = Array.from({ length: rounds }, (_, round) =>
    catalogue.metrics.flatMap((metric) => metric.examples[round] ?? []),
  );
  const own = catalogue.metrics.map((metric) => `${metric.title} last 30 days`);
  return [...new Set([...questions.flat(), ...own])].slice(0, count).map((question) => ({ label: question, question }));
}
