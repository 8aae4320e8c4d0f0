import type { Catalogue, DimensionInfo, MetricInfo } from "../stats-api.ts";
import { singular, splitWords, type Word } from "./words.ts";

/** Something in the catalogue that a phrase may mean. */
export type Meaning =
  | { readonly kind: "metric"; readonly metric: MetricInfo }
  | { readonly kind: "dimension"; readonly dimension: DimensionInfo }
  | { readonly kind: "value"; readonly dimension: DimensionInfo; readonly value: string; readonly title: string };

export type MeaningKind = Meaning["kind"];

/** A phrase of the vocabulary: words in singular, and what they mean. */
export interface Phrase {
  readonly text: string;
  readonly words: readonly string[];
  readonly meaning: Meaning;
  /** The catalogue's own name, which is unique, rather than a title or an alias. */
  readonly isName: boolean;
}

interface Found {
  readonly length: number;
  readonly meanings: readonly Meaning[];
}

export interface Vocabulary {
  readonly phrases: readonly Phrase[];
  /** The longest phrase of that kind that begins at `index`, with everything it may mean. */
  find(words: readonly Word[], index: number, kind: MeaningKind): Found | undefined;
}

/** Everything the catalogue's metrics, dimensions and values are called. */
export function createVocabulary(catalogue: Catalogue): Vocabulary {
  const phrases = [
    ...catalogue.metrics.flatMap((metric) => phrasesOf(metric, { kind: "metric", metric })),
    ...catalogue.dimensions.flatMap((dimension) => [
      ...phrasesOf(dimension, { kind: "dimension", dimension }),
      ...dimension.values.flatMap(({ value, title, aliases }) =>
        phrasesOf({ name: value, title, aliases }, { kind: "value", dimension, value, title }),
      ),
    ]),
  ];
  const byFirstWord = Map.groupBy(phrases, (phrase) => phrase.words[0] ?? "");
  return { phrases, find: (words, index, kind) => findLongest(byFirstWord, words, index, kind) };
}

function phrasesOf(named: { name: string; title: string; aliases: readonly string[] }, meaning: Meaning): Phrase[] {
  const texts = new Map<string, boolean>([[named.name, true]]);
  for (const text of [named.name.replaceAll("_", " "), named.title, ...named.aliases]) {
    if (!texts.has(text)) texts.set(text, false);
  }
  return [...texts].flatMap(([text, isName]) => {
    const words = splitWords(text)
      .filter((word) => word.kind !== "mark")
      .map((word) => singular(word.text));
    return words.length === 0 ? [] : [{ text, words, meaning, isName }];
  });
}

function findLongest(
  byFirstWord: ReadonlyMap<string, readonly Phrase[]>,
  words: readonly Word[],
  index: number,
  kind: MeaningKind,
): Found | undefined {
  const first = words[index];
  if (first === undefined || first.kind === "mark") return undefined;
  const matching = (byFirstWord.get(singular(firstText(first))) ?? []).filter(
    (phrase) => phrase.meaning.kind === kind && startsAt(phrase, words, index),
  );
  const length = Math.max(0, ...matching.map((phrase) => wordsTaken(phrase, first)));
  if (length === 0) return undefined;
  const longest = matching.filter((phrase) => wordsTaken(phrase, first) === length);
  const names = longest.filter((phrase) => phrase.isName && kind === "metric");
  return { length, meanings: distinct(names.length > 0 ? names : longest) };
}

/** A quoted phrase is one word of a question, however many words are in it. */
function wordsTaken(phrase: Phrase, first: Word): number {
  return first.kind === "quoted" ? 1 : phrase.words.length;
}

function firstText(word: Word): string {
  return word.kind === "quoted" ? (splitWords(word.raw)[0]?.text ?? "") : word.text;
}

function startsAt(phrase: Phrase, words: readonly Word[], index: number): boolean {
  const first = words[index];
  if (first?.kind === "quoted") {
    const inside = splitWords(first.raw).filter((word) => word.kind !== "mark");
    return inside.length === phrase.words.length && phrase.words.every((text, at) => isSame(text, inside[at]));
  }
  return phrase.words.every((text, at) => isSame(text, words[index + at]));
}

function isSame(text: string, word: Word | undefined): boolean {
  return word !== undefined && word.kind !== "mark" && singular(word.text) === text;
}

function distinct(phrases: readonly Phrase[]): Meaning[] {
  const seen = new Map(phrases.map((phrase) => [meaningKey(phrase.meaning), phrase.meaning]));
  return [...seen.values()];
}

/** Tells two meanings apart. */
export function meaningKey(meaning: Meaning): string {
  switch (meaning.kind) {
    case "metric":
      return `metric ${meaning.metric.name}`;
    case "dimension":
      return `dimension ${meaning.dimension.name}`;
    case "value":
      return `value ${meaning.dimension.name} ${meaning.value}`;
  }
}
