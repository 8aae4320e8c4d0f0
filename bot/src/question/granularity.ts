import type { Granularity } from "../stats-api.ts";
import { unitOf } from "./time-words.ts";
import type { Word } from "./words.ts";

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
].map((lead) => lead.split(" "));

/** Reads `by day`, `per hour`, `weekly`, `day by day`. Quarters and years are not steps that the stats app knows. */
export function readGranularity(
  words: readonly Word[],
  index: number,
): { length: number; granularity: Step } | undefined {
  const adverb = ADVERBS.get(words[index]?.text ?? "");
  if (adverb !== undefined) return { length: 1, granularity: adverb };
  const unit = stepOf(words[index]?.text);
  if (unit !== undefined && words[index + 1]?.text === "by" && words[index + 2]?.text === words[index]?.text) {
    return { length: 3, granularity: unit };
  }
  for (const lead of LEADS) {
    if (!lead.every((part, at) => words[index + at]?.text === part)) continue;
    const granularity = stepOf(words[index + lead.length]?.text);
    if (granularity !== undefined) return { length: lead.length + 1, granularity };
  }
  return undefined;
}

function stepOf(text: string | undefined): Step | undefined {
  if (text === "date") return "day";
  const unit = unitOf(text ?? "");
  return unit === undefined || unit === "quarter" || unit === "year" ? undefined : unit;
}
