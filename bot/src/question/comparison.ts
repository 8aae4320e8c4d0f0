import type { Compare } from "../stats-api.ts";
import type { Calendar, Unit } from "./calendar.ts";
import { shift, unitSpan } from "./calendar.ts";
import { type Period, readPeriod } from "./period.ts";
import { numberOf, unitOf } from "./time-words.ts";
import { phraseLength, textAt, type Word } from "./words.ts";

/** What the asker wants to compare with, before it is known whether it suits the range. */
export type ComparisonWish =
  | { readonly kind: "exact"; readonly compare: Compare }
  | { readonly kind: "unit"; readonly unit: Unit; readonly count: number }
  | { readonly kind: "period"; readonly period: Period };

export interface ComparisonMatch {
  readonly length: number;
  readonly wish: ComparisonWish;
}

const LEADS = [
  "in comparison to",
  "in comparison with",
  "compared against",
  "compared with",
  "compared to",
  "compare against",
  "compare with",
  "compare to",
  "relative to",
  "comparing to",
  "comparing with",
  "versus",
  "against",
  "vs",
];
/** They lead a comparison only where the question began with "compare". */
const LEADS_AFTER_COMPARE = ["with", "to", "and"];

const STANDALONE: readonly [string, ComparisonWish][] = [
  ...["no comparison", "without comparison", "without comparing", "no compare"].map(
    (phrase): [string, ComparisonWish] => [phrase, { kind: "exact", compare: "none" }],
  ),
  ...["period over period", "period on period"].map((phrase): [string, ComparisonWish] => [
    phrase,
    { kind: "exact", compare: "previous_period" },
  ]),
  ...(["year", "quarter", "month", "week", "day"] as const).flatMap((unit) =>
    [`${unit} over ${unit}`, `${unit} on ${unit}`, `${unit[0]}o${unit[0]}`, `${unit[0]}/${unit[0]}`].map(
      (phrase): [string, ComparisonWish] => [phrase, { kind: "unit", unit, count: 1 }],
    ),
  ),
];

const OBJECTS: readonly [string, Compare][] = [
  ["same period of last year", "previous_year"],
  ["same period last year", "previous_year"],
  ["same time last year", "previous_year"],
  ["previous_year", "previous_year"],
  ["previous period", "previous_period"],
  ["prior period", "previous_period"],
  ["last period", "previous_period"],
  ["preceding period", "previous_period"],
  ["period before", "previous_period"],
];

/** Reads `vs previous week`, `compared with last year`, `year over year`, `no comparison`, `vs October`, … */
export function readComparison(
  words: readonly Word[],
  index: number,
  calendar: Calendar,
  isAfterCompare: boolean,
): ComparisonMatch | undefined {
  for (const [phrase, wish] of STANDALONE) {
    const length = phraseLength(words, index, phrase);
    if (length > 0) return { length, wish };
  }
  const leads = isAfterCompare ? [...LEADS, ...LEADS_AFTER_COMPARE] : LEADS;
  const lead = leads.map((phrase) => phraseLength(words, index, phrase)).find((length) => length > 0);
  if (lead === undefined) return undefined;
  const start = index + lead;
  const object = readObject(words, skipArticle(words, start), calendar);
  return object === undefined ? undefined : { ...object, length: skipArticle(words, start) - index + object.length };
}

function readObject(words: readonly Word[], index: number, calendar: Calendar): ComparisonMatch | undefined {
  for (const [phrase, compare] of OBJECTS) {
    const length = phraseLength(words, index, phrase);
    if (length > 0) return { length, wish: { kind: "exact", compare } };
  }
  const same = sameLength(words, index);
  const unit = readUnitBefore(words, index + same);
  if (unit !== undefined) return { ...unit, length: same + unit.length };
  const match = readPeriod(words, index, calendar);
  return match === undefined ? undefined : { length: match.length, wish: { kind: "period", period: match.period } };
}

const SAME = new Set(["day", "days", "date", "dates", "time", "period", "week", "month", "quarter"]);

/** `same day [of] last week`: how many words come before the unit. */
function sameLength(words: readonly Word[], index: number): number {
  if (textAt(words, index) !== "same" || !SAME.has(textAt(words, index + 1))) return 0;
  return textAt(words, index + 2) === "of" ? 3 : 2;
}

const BEFORE = new Set(["before", "earlier", "ago", "prior"]);
const PREVIOUS = new Set(["previous", "prior", "preceding", "last", "past"]);

/** `previous week`, `previous 7 days`, `week before`, `a year ago`, `7 days before`. */
function readUnitBefore(words: readonly Word[], index: number): ComparisonMatch | undefined {
  const isPrevious = PREVIOUS.has(textAt(words, index));
  const at = isPrevious ? index + 1 : index;
  const count = numberOf(textAt(words, at));
  const unitAt = count === undefined ? at : at + 1;
  const unit = unitOf(textAt(words, unitAt));
  if (unit === undefined || count === 0) return undefined;
  const isBefore = BEFORE.has(textAt(words, unitAt + 1));
  if (!isPrevious && !isBefore) return undefined;
  const length = unitAt + (isPrevious ? 1 : 2) - index;
  return { length, wish: { kind: "unit", unit, count: count ?? 1 } };
}

function skipArticle(words: readonly Word[], index: number): number {
  return new Set(["the", "a", "an"]).has(textAt(words, index)) ? index + 1 : index;
}

/** The comparison that a wish comes to for a range, or nothing where the stats app has none such. */
export function settleComparison(
  wish: ComparisonWish,
  period: Period | undefined,
  calendar: Calendar,
): { readonly compare: Compare; readonly period?: Period } | undefined {
  if (wish.kind === "exact") return { compare: wish.compare };
  if (wish.kind === "unit") return settleUnit(wish, period, calendar);
  if (period === undefined) return undefined;
  const isSame = ([from, to]: readonly [string, string]): boolean => from === wish.period.from && to === wish.period.to;
  const earlier = earlierRanges(period);
  if (earlier === undefined) return undefined;
  if (isSame(earlier.previousPeriod)) return { compare: "previous_period" };
  return isSame(earlier.previousYear) ? { compare: "previous_year" } : undefined;
}

function settleUnit(
  { unit, count }: { unit: Unit; count: number },
  period: Period | undefined,
  calendar: Calendar,
): { compare: Compare; period?: Period } | undefined {
  if (period === undefined) {
    // "Revenue vs last month": the running month against the one before. A year before suits any range.
    if (unit === "year") return { compare: "previous_year" };
    if (count !== 1 || unit === "hour") return undefined;
    const { from, to } = unitSpan(unit, 0, calendar);
    return {
      compare: "previous_period",
      period: { from: from.toString(), to: to.toString(), words: `this ${unit}`, unit },
    };
  }
  if (isThatLong(period, unit, count)) return { compare: "previous_period" };
  return unit === "year" && count === 1 ? { compare: "previous_year" } : undefined;
}

function isThatLong(period: Period, unit: Unit, count: number): boolean {
  if (period.unit === "hour") {
    const hours = Temporal.PlainDateTime.from(period.from).until(Temporal.PlainDateTime.from(period.to)).total("hours");
    return hours === (unit === "hour" ? count : unit === "day" ? 24 * count : -1);
  }
  if (unit === "hour") return false;
  return shift(Temporal.PlainDate.from(period.from), unit, count).toString() === period.to;
}

/** The two ranges that the stats app can compare with (docs/stats-api.md): whole months before whole months, else as many days. */
function earlierRanges(
  period: Period,
): { previousPeriod: readonly [string, string]; previousYear: readonly [string, string] } | undefined {
  if (period.unit === "hour") return undefined;
  const from = Temporal.PlainDate.from(period.from);
  const to = Temporal.PlainDate.from(period.to);
  const isWholeMonths = from.day === 1 && to.day === 1;
  const length = from.until(to, { largestUnit: isWholeMonths ? "months" : "days" });
  return {
    previousPeriod: [from.subtract(length).toString(), period.from],
    previousYear: [from.subtract({ years: 1 }).toString(), to.subtract({ years: 1 }).toString()],
  };
}
