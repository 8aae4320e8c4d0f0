import type { Catalogue, MetricInfo } from "../stats-api.ts";
import type { Calendar } from "./calendar.ts";
import type { Finding, Said, UnreadGroup } from "./findings.ts";
import type { Parts } from "./parts.ts";
import { type Candidate, MAX_CANDIDATES, type Reading } from "./reading.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { joinWords, type Word } from "./words.ts";

/** Everything that the choices are made from. */
export interface Assembly {
  readonly words: readonly Word[];
  readonly findings: readonly Finding[];
  readonly unread: readonly UnreadGroup[];
  readonly before: Parts | undefined;
  readonly timeZone: string | undefined;
  readonly catalogue: Catalogue;
  readonly vocabulary: Vocabulary;
  readonly calendar: Calendar;
}

export type Doubt = Exclude<Reading, { kind: "query" }>;

/** What was chosen, or the question to ask back. */
export type Choice<T> = T | { readonly doubt: Doubt };

export type FindingOf<Kind extends Said["kind"]> = Finding & { readonly said: Extract<Said, { kind: Kind }> };

export function allSaid<Kind extends Said["kind"]>({ findings }: Assembly, kind: Kind): FindingOf<Kind>[] {
  return findings.filter((finding): finding is FindingOf<Kind> => finding.said.kind === kind);
}

export function doubt(about: string, candidates: readonly Candidate[]): { doubt: Doubt } {
  return { doubt: { kind: "doubt", about, candidates: candidates.slice(0, MAX_CANDIDATES) } };
}

/** Words of a question, by place. */
export interface WordPlace {
  readonly index: number;
  readonly length: number;
}

export function textAt({ words }: Assembly, { index, length }: WordPlace): string {
  return joinWords(words.slice(index, index + length));
}

/** The question with the words of one place replaced. */
export function questionWith({ words }: Pick<Assembly, "words">, { index, length }: WordPlace, text: string): string {
  return sentence([joinWords(words.slice(0, index)), text, joinWords(words.slice(index + length))]);
}

/** The question without the words of those places, and with `text` at its end. */
export function questionWithout({ words }: Assembly, places: readonly WordPlace[], text: string): string {
  const isDropped = (index: number): boolean =>
    places.some((place) => index >= place.index && index < place.index + place.length);
  const rest = words.filter((word, index) => !isDropped(index) && !(word.text === "and" && isDropped(index - 1)));
  return sentence([joinWords(rest), text]);
}

function sentence(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}

/** Narrows to what the metric has; where it has none of them, all stay, so that the answer can say what it has. */
export function suitable<T>(
  options: readonly T[],
  metric: MetricInfo | undefined,
  nameOf: (option: T) => string,
): readonly T[] {
  const own = metric === undefined ? options : options.filter((option) => metric.dimensions.includes(nameOf(option)));
  return own.length > 0 ? own : options;
}
