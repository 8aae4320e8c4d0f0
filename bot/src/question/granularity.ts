import type { Granularity } from "../stats-api.ts";
import { unitOf } from "./time-words.ts";
import { phraseLength, textAt, type Word } from "./words.ts";

type Step = Exclude<Granularity, "none">;

const ADVERBS: ReadonlyMap<string, Step> = new Map(
  Object.entries({ hourly: "hour", daily: "day", weekly: "week", monthly: "month" } as const),
);
const LEADS = [
  "split by",
  "grouped by",
  "group by",
  "broken down by",
  "for each",
  "by the",
  "by",
  "per",
  "each",
  "every",
  "and",
];

/** Reads `by day`, `per hour`, `weekly`, `day by day`. Quarters and years are not steps that the stats app knows. */
export function readGranularity(
  words: readonly Word[],
  index: number,
): { length: number; granularity: Step } | undefined {
  const text = textAt(words, index);
  const adverb = ADVERBS.get(text);
  if (adverb !== undefined) return { length: 1, granularity: adverb };
  const step = stepOf(text);
  if (step !== undefined && phraseLength(words, index, `${text} by ${text}`) > 0)
    return { length: 3, granularity: step };
  for (const lead of LEADS) {
    const length = phraseLength(words, index, lead);
    const granularity = length === 0 ? undefined : stepOf(textAt(words, index + length));
    if (granularity !== undefined) return { length: length + 1, granularity };
  }
  return undefined;
}

function stepOf(text: string): Step | undefined {
  if (text === "date") return "day";
  const unit = unitOf(text);
  return unit === undefined || unit === "quarter" || unit === "year" ? undefined : unit;
}
