import type { DimensionInfo, MetricInfo } from "../stats-api.ts";
import { sharedDimensions } from "./choose-filters.ts";
import { mayBeValue } from "./fillers.ts";
import type { Finding, Said, ValueMeaning } from "./findings.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { longestPhrase, textAt, type Word } from "./words.ts";

const NEGATIONS = [
  "other than",
  "but not",
  "not including",
  "except for",
  "excluding",
  "exclude",
  "except",
  "without",
  "not",
  "ignoring",
  "minus",
  "non",
  "outside",
  "apart from",
  "aside from",
  "besides",
  "everything but",
  "everyone but",
  "everywhere but",
  "all but",
  "leaving out",
  "omitting",
  "rather than",
  "excl",
  "ex",
];
const PREPOSITIONS = new Set([
  "for",
  "in",
  "on",
  "from",
  "to",
  "with",
  "of",
  "among",
  "only",
  "where",
  "at",
  "via",
  "through",
  "using",
  "just",
]);
const IS_NOT = ["!=", "<>", "is not", "are not", "isnt", "arent", "not in", "not"];
const IS = ["=", "==", ":", "is", "are", "equals", "in"];
/** Nouns that may follow a value without adding to it: "web users", "German customers only". */
const NOUNS = new Set(["users", "user", "customers", "customer", "people", "accounts", "visitors", "traffic", "only"]);

/** Reads a filter that begins at `index`: `country = DE, FR`, `excluding paid`, `for web users`, `in Germany and France`, `enterprise`. */
export function readFilter(words: readonly Word[], index: number, vocabulary: Vocabulary): readonly Finding[] {
  return readEquation(words, index, vocabulary) ?? readSpoken(words, index, vocabulary) ?? [];
}

function readEquation(words: readonly Word[], index: number, vocabulary: Vocabulary): readonly Finding[] | undefined {
  let at = index;
  while (PREPOSITIONS.has(textAt(words, at)) || textAt(words, at) === "the") at += 1;
  const found = vocabulary.find(words, at, "dimension");
  if (found === undefined) return undefined;
  const dimensions = found.meanings.flatMap((meaning) => (meaning.kind === "dimension" ? [meaning.dimension] : []));
  at += found.length;
  const not = longestPhrase(words, at, IS_NOT);
  const sign = not > 0 ? not : longestPhrase(words, at, IS);
  // Without a sign, only a value that is known: "origin ATL" is a filter, "country last week" is not.
  const mayBeUnknown = words.slice(at, at + sign).some((word) => word.kind === "mark");
  const list = readList(words, at + sign, (start) => readValueOf(words, start, dimensions, vocabulary, mayBeUnknown));
  if (list === undefined) return undefined;
  const said: Said = { kind: "filter", operator: not > 0 ? "is_not" : "is", values: list.values };
  return [{ index, length: at + sign + list.length - index, said }];
}

function readValueOf(
  words: readonly Word[],
  index: number,
  dimensions: readonly DimensionInfo[],
  vocabulary: Vocabulary,
  mayBeUnknown: boolean,
): { length: number; meanings: readonly ValueMeaning[] } | undefined {
  const found = valuesAt(words, index, vocabulary);
  const names = new Set(dimensions.map((dimension) => dimension.name));
  const meanings = found?.meanings.filter((meaning) => names.has(meaning.dimension.name)) ?? [];
  if (found !== undefined && meanings.length > 0) return { length: found.length, meanings };
  const word = words[index];
  if (word === undefined || word.kind === "mark" || !(mayBeUnknown || word.kind === "quoted")) return undefined;
  // The catalogue lists at most 100 values of a dimension: what it does not list may still exist.
  const unlisted = dimensions.map((dimension) => ({
    kind: "value" as const,
    dimension,
    value: word.raw,
    title: word.raw,
  }));
  return { length: 1, meanings: unlisted };
}

function readSpoken(words: readonly Word[], index: number, vocabulary: Vocabulary): readonly Finding[] | undefined {
  let at = index;
  const negation = longestPhrase(words, at, NEGATIONS);
  at += negation;
  while (PREPOSITIONS.has(textAt(words, at)) || (at > index && words[at]?.text === "the")) at += 1;
  const isBare = at === index;
  const readOne = (start: number) => {
    const word = words[start];
    return word !== undefined && mayBeValue(word, words[start - 1]) ? valuesAt(words, start, vocabulary) : undefined;
  };
  const compared = readList(words, at, readOne, SPOKEN_JOINTS);
  const isAlike = compared !== undefined && sharedDimensions(compared.values).length > 0;
  const list = isAlike ? compared : readList(words, at, readOne);
  if (list === undefined) return undefined;
  const end = at + list.length;
  const said: Said = { kind: "filter", operator: negation > 0 ? "is_not" : "is", values: list.values };
  const dimensionLength = ownDimensionLength(words, end, list.values, vocabulary);
  const filter = { index, length: end + dimensionLength - index, said };
  return [filter, ...readNoun(words, end + dimensionLength, vocabulary, isBare)];
}

/** "The pro plan", "organic channel": the dimension's own name after its value adds nothing. */
function ownDimensionLength(
  words: readonly Word[],
  index: number,
  values: readonly (readonly ValueMeaning[])[],
  vocabulary: Vocabulary,
): number {
  const found = vocabulary.find(words, index, "dimension");
  const own = new Set(values.flat().map((meaning) => meaning.dimension.name));
  const isOwn = found?.meanings.some((meaning) => meaning.kind === "dimension" && own.has(meaning.dimension.name));
  return isOwn && found ? found.length : 0;
}

/** "Users" after a value is a noun; it is the metric only where the question names no other. */
function readNoun(words: readonly Word[], index: number, vocabulary: Vocabulary, isBare: boolean): readonly Finding[] {
  if (!NOUNS.has(textAt(words, index))) return [];
  const metric = vocabulary.find(words, index, "metric");
  if (metric === undefined) return [{ index, length: 1, said: { kind: "nothing" } }];
  if (metric.length > 1) return [];
  const metrics = metric.meanings.flatMap((meaning): MetricInfo[] =>
    meaning.kind === "metric" ? [meaning.metric] : [],
  );
  return [{ index, length: 1, said: { kind: "metric", metrics, isAside: !isBare } }];
}

function readList(
  words: readonly Word[],
  index: number,
  readOne: (at: number) => { length: number; meanings: readonly ValueMeaning[] } | undefined,
  joints: ReadonlySet<string> = JOINTS,
): { length: number; values: (readonly ValueMeaning[])[] } | undefined {
  const values: (readonly ValueMeaning[])[] = [];
  let at = index;
  for (;;) {
    const joint = values.length === 0 ? 0 : jointLength(words, at, joints);
    if (values.length > 0 && joint === 0) break;
    const one = readOne(at + joint);
    if (one === undefined) break;
    values.push(one.meanings);
    at += joint + one.length;
  }
  return values.length === 0 ? undefined : { length: at - index, values };
}

const JOINTS = new Set([",", "and", "or", "&", "nor"]);
/** After a sign, "vs" begins the comparison: a value there may be any word. */
const SPOKEN_JOINTS = new Set([...JOINTS, "vs", "versus"]);

function jointLength(words: readonly Word[], index: number, joints: ReadonlySet<string>): number {
  if (!joints.has(textAt(words, index))) return 0;
  return words[index]?.text === "," && joints.has(textAt(words, index + 1)) ? 2 : 1;
}

function valuesAt(
  words: readonly Word[],
  index: number,
  vocabulary: Vocabulary,
): { length: number; meanings: readonly ValueMeaning[] } | undefined {
  const found = vocabulary.find(words, index, "value");
  if (found === undefined) return undefined;
  return {
    length: found.length,
    meanings: found.meanings.flatMap((meaning) => (meaning.kind === "value" ? [meaning] : [])),
  };
}
