import {
  type Calendar,
  dateOf,
  daySpan,
  isBefore,
  isoWeekSpan,
  type Span,
  shift,
  startOf,
  unitSpan,
} from "./calendar.ts";
import { dayOf, monthOf, numberOf, ordinalOf, shortAmountOf, unitOf, weekdayOf, yearOf } from "./time-words.ts";
import type { Word } from "./words.ts";

/** Days that a phrase names. Without a year in the words, `inYear` gives the same days of any year. */
export interface SpanMatch {
  readonly length: number;
  readonly span: Span;
  readonly inYear?: (year: number) => Span | undefined;
}

type SpanReader = (words: readonly Word[], index: number, calendar: Calendar) => SpanMatch | undefined;

/** Reads `yesterday`, `last 7 days`, `February 2001`, `Q3`, `3 March`, `week 42`, `2026-11-03`, … The longest reading wins. */
export function readSpan(words: readonly Word[], index: number, calendar: Calendar): SpanMatch | undefined {
  const start = skipArticle(words, index);
  const matches = SPAN_READERS.flatMap((read) => read(words, start, calendar) ?? []);
  const longest = matches.reduce<SpanMatch | undefined>(
    (best, match) => (best === undefined || match.length > best.length ? match : best),
    undefined,
  );
  return longest === undefined ? undefined : { ...longest, length: longest.length + start - index };
}

const SPAN_READERS: readonly SpanReader[] = [
  readNamedDay,
  readRelativeUnits,
  readAgo,
  readToDate,
  readIsoToken,
  readDayOfMonth,
  readMonth,
  readQuarterOrHalf,
  readWeekNumber,
  readYear,
  readWeekday,
];

const LAST = new Set(["last", "past", "previous", "prior", "trailing", "latest", "recent", "preceding"]);
/** "The past week" is the last seven days; "last week" is a calendar week. */
const ROLLING = new Set(["past", "trailing"]);
const THIS = new Set(["this", "current"]);

function skipArticle(words: readonly Word[], index: number): number {
  return words[index]?.text === "the" ? index + 1 : index;
}

function textAt(words: readonly Word[], index: number): string {
  const word = words[index];
  return word === undefined || word.kind === "quoted" ? "" : word.text;
}

function startsWith(words: readonly Word[], index: number, phrase: string): number {
  const parts = phrase.split(" ");
  return parts.every((part, at) => textAt(words, index + at) === part) ? parts.length : 0;
}

function readNamedDay(words: readonly Word[], index: number, { today }: Calendar): SpanMatch | undefined {
  const named: readonly [string, number][] = [
    ["day before yesterday", -2],
    ["yesterday", -1],
    ["today", 0],
    ["right now", 0],
    ["now", 0],
    ["currently", 0],
    ["at the moment", 0],
  ];
  for (const [phrase, offset] of named) {
    const length = startsWith(words, index, phrase);
    if (length > 0) return { length, span: daySpan(today.add({ days: offset })) };
  }
  return undefined;
}

function readRelativeUnits(words: readonly Word[], index: number, calendar: Calendar): SpanMatch | undefined {
  const lead = textAt(words, index);
  const isLast = LAST.has(lead);
  if (!isLast && !THIS.has(lead)) return readAmount(words, index, calendar);
  const amount = isLast ? readAmount(words, index + 1, calendar) : undefined;
  if (amount !== undefined) return { ...amount, length: amount.length + 1 };
  const next = textAt(words, index + 1);
  const unit = unitOf(next);
  if (unit !== undefined && unit !== "hour") {
    const isRolling = ROLLING.has(lead) && unit !== "day";
    const span = isRolling ? rollingSpan(unit, calendar) : unitSpan(unit, isLast ? -1 : 0, calendar);
    return { length: 2, span };
  }
  if (next === "weekend") return { length: 2, span: weekendSpan(isLast ? -1 : 0, calendar) };
  return readRelativeName(next, isLast, calendar);
}

/** `last monday`, `last march`, `this friday`. */
function readRelativeName(name: string, isLast: boolean, calendar: Calendar): SpanMatch | undefined {
  const weekday = weekdayOf(name);
  if (weekday !== undefined) {
    const latest = latestWeekday(weekday, isLast ? calendar.today.subtract({ days: 1 }) : calendar.today);
    return { length: 2, span: daySpan(latest) };
  }
  const month = monthOf(name);
  if (month === undefined) return undefined;
  const inYear = (year: number): Span => monthSpan(year, month);
  const latest = latestStarted(inYear, calendar.today);
  const isRunning = latest !== undefined && isBefore(calendar.today, latest.to);
  if (latest === undefined) return undefined;
  return { length: 2, span: isLast && isRunning ? monthSpan(latest.from.year - 1, month) : latest };
}

/** `7 days`, `7d`, `three full months`: that many complete units, up to the running one. */
function readAmount(words: readonly Word[], index: number, calendar: Calendar): SpanMatch | undefined {
  const short = shortAmountOf(textAt(words, index));
  const count = short?.count ?? numberOf(textAt(words, index));
  if (count === undefined || count < 1) return undefined;
  const adjective = new Set(["full", "complete", "whole", "calendar"]).has(textAt(words, index + 1)) ? 1 : 0;
  const unit = short?.unit ?? unitOf(textAt(words, index + 1 + adjective));
  if (unit === undefined || unit === "hour" || count > MAX_UNITS) return undefined;
  const to = startOf(unit, calendar.today, calendar);
  return { length: short ? 1 : 2 + adjective, span: { from: shift(to, unit, -count), to, unit } };
}

/** Far beyond any data, and well inside what a date can hold. */
const MAX_UNITS = 1_000;

function readAgo(words: readonly Word[], index: number, calendar: Calendar): SpanMatch | undefined {
  const lead = textAt(words, index);
  const count = lead === "a" || lead === "an" ? 1 : numberOf(lead);
  const unit = unitOf(textAt(words, index + 1));
  if (count === undefined || unit === undefined || unit === "hour" || textAt(words, index + 2) !== "ago")
    return undefined;
  if (count > MAX_UNITS) return undefined;
  return { length: 3, span: unitSpan(unit, -count, calendar) };
}

const TO_DATE: readonly [string, "week" | "month" | "quarter" | "year"][] = [
  ["week to date", "week"],
  ["wtd", "week"],
  ["this week so far", "week"],
  ["so far this week", "week"],
  ["month to date", "month"],
  ["mtd", "month"],
  ["this month so far", "month"],
  ["so far this month", "month"],
  ["quarter to date", "quarter"],
  ["qtd", "quarter"],
  ["this quarter so far", "quarter"],
  ["so far this quarter", "quarter"],
  ["year to date", "year"],
  ["ytd", "year"],
  ["this year so far", "year"],
  ["so far this year", "year"],
];

/** The running unit: the stats app counts what has passed and compares it with the same part of the one before. */
function readToDate(words: readonly Word[], index: number, calendar: Calendar): SpanMatch | undefined {
  for (const [phrase, unit] of TO_DATE) {
    const length = startsWith(words, index, phrase);
    if (length > 0) return { length, span: unitSpan(unit, 0, calendar) };
  }
  return undefined;
}

function readIsoToken(words: readonly Word[], index: number): SpanMatch | undefined {
  const word = words[index];
  if (word?.kind !== "date") return undefined;
  const span = spanOfDateText(word.text);
  return span === undefined ? undefined : { length: 1, span };
}

function spanOfDateText(text: string): Span | undefined {
  const numbers = text.match(/\d+/g)?.map(Number) ?? [];
  const [first = 0, second = 0, third = 0] = numbers;
  if (/^\d{4}-w/.test(text)) return isoWeekSpan(first, second);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return dayOrNothing(dateOf(first, second, third));
  if (/^\d{4}-\d{2}$/.test(text)) return second >= 1 && second <= 12 ? monthSpan(first, second) : undefined;
  if (text.includes(".")) return dayOrNothing(dateOf(third, second, first));
  // 11/03/2026 is March or November, depending on where one lives: only an unmistakable one is read.
  if (first > 12) return dayOrNothing(dateOf(third, second, first));
  if (second > 12) return dayOrNothing(dateOf(third, first, second));
  return first === second ? dayOrNothing(dateOf(third, first, second)) : undefined;
}

function dayOrNothing(date: Temporal.PlainDate | undefined): Span | undefined {
  return date === undefined ? undefined : daySpan(date);
}

/** `3 March [2026]`, `March 3rd[, 2026]`, `24 to 30 June 2001`, `June 24 - 30`. */
function readDayOfMonth(words: readonly Word[], index: number, calendar: Calendar): SpanMatch | undefined {
  const isMonthFirst = monthOf(textAt(words, index)) !== undefined;
  const days = readDays(words, isMonthFirst ? index + 1 : index);
  if (days === undefined) return undefined;
  let end = (isMonthFirst ? index + 1 : index) + days.length;
  if (!isMonthFirst && textAt(words, end) === "of") end += 1;
  const month = monthOf(textAt(words, isMonthFirst ? index : end));
  if (month === undefined) return undefined;
  if (!isMonthFirst) end += 1;
  const inYear = (year: number): Span | undefined => daysSpan(year, month, days.first, days.last);
  return withYear(words, index, end, inYear, calendar);
}

function readDays(words: readonly Word[], index: number): { first: number; last: number; length: number } | undefined {
  const first = dayOf(textAt(words, index));
  if (first === undefined) return undefined;
  const isRange = new Set(["-", "..", "to", "until", "till", "through"]).has(textAt(words, index + 1));
  const last = isRange ? dayOf(textAt(words, index + 2)) : undefined;
  return last === undefined || last < first ? { first, last: first, length: 1 } : { first, last, length: 3 };
}

function daysSpan(year: number, month: number, first: number, last: number): Span | undefined {
  const from = dateOf(year, month, first);
  const end = dateOf(year, month, last);
  return from === undefined || end === undefined ? undefined : { from, to: end.add({ days: 1 }), unit: "day" };
}

function readMonth(words: readonly Word[], index: number, calendar: Calendar): SpanMatch | undefined {
  const month = monthOf(textAt(words, index));
  if (month === undefined || (textAt(words, index) === "may" && isModalMay(words, index))) return undefined;
  return withYear(words, index, index + 1, (year) => monthSpan(year, month), calendar);
}

/** "May I see …" is not about a month. */
function isModalMay(words: readonly Word[], index: number): boolean {
  return new Set(["i", "we", "you"]).has(textAt(words, index + 1));
}

function readQuarterOrHalf(words: readonly Word[], index: number, calendar: Calendar): SpanMatch | undefined {
  const compact = /^(?:(20\d\d|19[7-9]\d))?(q[1-4]|h[12])$/.exec(textAt(words, index));
  const yearFirst = yearOf(textAt(words, index));
  const part =
    compact?.[2] ?? (yearFirst === undefined ? undefined : /^(?:q[1-4]|h[12])$/.exec(textAt(words, index + 1))?.[0]);
  if (part === undefined) return readOrdinalQuarter(words, index, calendar);
  const inYear = (year: number): Span => partOfYear(year, part[0] === "q" ? 3 : 6, Number(part[1]));
  if (compact?.[1] !== undefined) return { length: 1, span: inYear(Number(compact[1])) };
  if (compact === null && yearFirst !== undefined) return { length: 2, span: inYear(yearFirst) };
  return withYear(words, index, index + 1, inYear, calendar);
}

/** `third quarter [of 2026]`, `first half of 2026`. */
function readOrdinalQuarter(words: readonly Word[], index: number, calendar: Calendar): SpanMatch | undefined {
  const ordinal = ordinalOf(textAt(words, index));
  const noun = textAt(words, index + 1);
  const isHalf = noun === "half" && ordinal !== undefined && ordinal <= 2;
  if (ordinal === undefined || (noun !== "quarter" && !isHalf)) return undefined;
  const of = textAt(words, index + 2) === "of" && yearOf(textAt(words, index + 3)) !== undefined ? 1 : 0;
  return withYear(words, index, index + 2 + of, (year) => partOfYear(year, isHalf ? 6 : 3, ordinal), calendar);
}

function partOfYear(year: number, months: 3 | 6, part: number): Span {
  const from = Temporal.PlainDate.from({ year, month: (part - 1) * months + 1, day: 1 });
  return { from, to: from.add({ months }), unit: months === 3 ? "quarter" : "month" };
}

function readWeekNumber(words: readonly Word[], index: number, calendar: Calendar): SpanMatch | undefined {
  const compact = /^(?:w|cw|kw)(\d{1,2})$/.exec(textAt(words, index));
  const isNamed = textAt(words, index) === "week" && words[index + 1]?.kind === "number";
  if (compact === null && !isNamed) return undefined;
  const week = Number(compact?.[1] ?? textAt(words, index + 1));
  return withYear(words, index, index + (compact ? 1 : 2), (year) => isoWeekSpan(year, week), calendar);
}

function readYear(words: readonly Word[], index: number): SpanMatch | undefined {
  const year = yearOf(textAt(words, index));
  if (year === undefined) return undefined;
  const from = Temporal.PlainDate.from({ year, month: 1, day: 1 });
  return { length: 1, span: { from, to: from.add({ years: 1 }), unit: "year" } };
}

function readWeekday(words: readonly Word[], index: number, { today }: Calendar): SpanMatch | undefined {
  const weekday = weekdayOf(textAt(words, index));
  return weekday === undefined ? undefined : { length: 1, span: daySpan(latestWeekday(weekday, today)) };
}

/** Takes the year that follows, or the latest year in which those days have begun. */
function withYear(
  words: readonly Word[],
  index: number,
  end: number,
  inYear: (year: number) => Span | undefined,
  calendar: Calendar,
): SpanMatch | undefined {
  const yearAt = textAt(words, end) === "," ? end + 1 : end;
  const year = yearOf(textAt(words, yearAt));
  if (year !== undefined) {
    const span = inYear(year);
    return span === undefined ? undefined : { length: yearAt + 1 - index, span };
  }
  const span = latestStarted(inYear, calendar.today);
  return span === undefined ? undefined : { length: end - index, span, inYear };
}

/** Eight years back finds every day there is, 29 February across a century included. */
function latestStarted(inYear: (year: number) => Span | undefined, today: Temporal.PlainDate): Span | undefined {
  for (let year = today.year + 1; year >= today.year - 8; year -= 1) {
    const span = inYear(year);
    if (span !== undefined && !isBefore(today, span.from)) return span;
  }
  return undefined;
}

function monthSpan(year: number, month: number): Span {
  const from = Temporal.PlainDate.from({ year, month, day: 1 });
  return { from, to: from.add({ months: 1 }), unit: "month" };
}

function latestWeekday(weekday: number, upTo: Temporal.PlainDate): Temporal.PlainDate {
  return upTo.subtract({ days: (upTo.dayOfWeek - weekday + 7) % 7 });
}

function weekendSpan(offset: number, calendar: Calendar): Span {
  const monday = calendar.today.subtract({ days: calendar.today.dayOfWeek - 1 }).add({ weeks: offset });
  return { from: monday.add({ days: 5 }), to: monday.add({ days: 7 }), unit: "day" };
}

function rollingSpan(unit: "week" | "month" | "quarter" | "year", { today }: Calendar): Span {
  return { from: shift(today, unit, -1), to: today, unit: "day" };
}
