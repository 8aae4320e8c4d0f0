import type { DimensionInfo, MetricInfo } from "../stats-api.ts";
import type { Calendar } from "./calendar.ts";
import { readComparison } from "./comparison.ts";
import { fillerLength } from "./fillers.ts";
import { readFilter } from "./filter-words.ts";
import type { Finding, Said } from "./findings.ts";
import { readGranularity } from "./granularity.ts";
import { readPeriod } from "./period.ts";
import { numberOf } from "./time-words.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { phraseLength, textAt, type Word } from "./words.ts";

interface ScanContext {
  readonly vocabulary: Vocabulary;
  readonly calendar: Calendar;
  readonly isAfterCompare: boolean;
}

type Reader = (words: readonly Word[], index: number, context: ScanContext) => readonly Finding[];

/** The order decides: a metric called "daily signups" wins over the granularity "daily", a date over a place. */
const READERS: readonly Reader[] = [
  (words, index, { calendar, isAfterCompare }) => {
    const match = readComparison(words, index, calendar, isAfterCompare);
    return one(index, match?.length, match && { kind: "comparison", wish: match.wish });
  },
  readMetric,
  (words, index, { calendar, isAfterCompare }) => {
    const match = readPeriod(words, index, calendar, isAfterCompare);
    const periods = match === undefined ? [] : [match.period, match.otherwise].filter((period) => period !== undefined);
    return periods.flatMap((period) => one(index, match?.length, { kind: "period", period }));
  },
  (words, index) => {
    const match = readGranularity(words, index);
    return one(index, match?.length, match && { kind: "granularity", granularity: match.granularity });
  },
  readLimit,
  readBreakdown,
  (words, index) => one(index, spokenFillerLength(words, index), { kind: "nothing" }),
  (words, index, { vocabulary }) => readFilter(words, index, vocabulary),
  readBareDimension,
  (words, index) => one(index, fillerLength(words, index), { kind: "nothing" }),
];

/** Reads a question from left to right. Words that no finding covers were not understood. */
export function scan(words: readonly Word[], vocabulary: Vocabulary, calendar: Calendar): Finding[] {
  const findings: Finding[] = [];
  let index = 0;
  let isAfterCompare = false;
  while (index < words.length) {
    isAfterCompare ||= words[index]?.text === "compare" || words[index]?.text === "comparing";
    const context = { vocabulary, calendar, isAfterCompare };
    const found = READERS.map((read) => read(words, index, context)).find((candidates) => candidates.length > 0);
    findings.push(...(found ?? []));
    const last = found?.at(-1);
    index = last === undefined ? index + 1 : last.index + last.length;
  }
  return findings;
}

function one(index: number, length: number | undefined, said: Said | undefined): readonly Finding[] {
  return length === undefined || length === 0 || said === undefined ? [] : [{ index, length, said }];
}

/** Filler phrases of several words come before values; single fillers after. */
function spokenFillerLength(words: readonly Word[], index: number): number {
  const length = fillerLength(words, index);
  return length > 1 ? length : 0;
}

function readMetric(words: readonly Word[], index: number, { vocabulary }: ScanContext): readonly Finding[] {
  const found = vocabulary.find(words, index, "metric");
  const metrics = found?.meanings.flatMap((meaning): MetricInfo[] =>
    meaning.kind === "metric" ? [meaning.metric] : [],
  );
  return one(index, found?.length, metrics && { kind: "metric", metrics, isAside: false });
}

const TOP = new Set(["top", "first", "largest", "biggest", "best", "limit", "most", "highest"]);

/** `top 5`, `top five countries`, `limit 3`. */
function readLimit(words: readonly Word[], index: number, { vocabulary }: ScanContext): readonly Finding[] {
  if (!TOP.has(textAt(words, index))) return [];
  const limit = numberOf(textAt(words, index + 1));
  const at = index + (limit === undefined ? 1 : 2);
  const dimensions = dimensionsAt(words, at, vocabulary);
  const breakdown = one(at, dimensions?.length, dimensions && { kind: "breakdown", dimensions: dimensions.found });
  if (limit === undefined) return breakdown.length === 0 ? [] : [...one(index, 1, { kind: "nothing" }), ...breakdown];
  if (limit < 1 || limit > MAX_LIMIT) return [];
  return [...one(index, 2, { kind: "limit", limit }), ...breakdown];
}

/** Of the stats API: groups of a breakdown. */
const MAX_LIMIT = 100;

const BREAKDOWN_LEADS = [
  "broken down by",
  "break down by",
  "breakdown by",
  "broken out by",
  "split by",
  "grouped by",
  "group by",
  "sliced by",
  "for each",
  "in each",
  "by each",
  "by",
  "per",
  "each",
  "across",
  "every",
];

function readBreakdown(words: readonly Word[], index: number, { vocabulary }: ScanContext): readonly Finding[] {
  for (const lead of BREAKDOWN_LEADS) {
    const length = phraseLength(words, index, lead);
    if (length === 0) continue;
    const at = index + length + phraseLength(words, index + length, "the");
    const dimensions = dimensionsAt(words, at, vocabulary);
    if (dimensions === undefined) continue;
    return one(index, at - index + dimensions.length, { kind: "breakdown", dimensions: dimensions.found });
  }
  return [];
}

function readBareDimension(words: readonly Word[], index: number, { vocabulary }: ScanContext): readonly Finding[] {
  const dimensions = dimensionsAt(words, index, vocabulary);
  return one(index, dimensions?.length, dimensions && { kind: "breakdown", dimensions: dimensions.found });
}

function dimensionsAt(
  words: readonly Word[],
  index: number,
  vocabulary: Vocabulary,
): { length: number; found: DimensionInfo[] } | undefined {
  const found = vocabulary.find(words, index, "dimension");
  if (found === undefined) return undefined;
  const dimensions = found.meanings.flatMap((meaning) => (meaning.kind === "dimension" ? [meaning.dimension] : []));
  return { length: found.length, found: dimensions };
}
