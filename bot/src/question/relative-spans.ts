import { type Calendar, daySpan, isBefore, type Span, shift, startOf, unitSpan } from "./calendar.ts";
import { latestStarted, monthSpan, type SpanMatch, type SpanReader } from "./span-match.ts";
import { monthOf, numberOf, shortAmountOf, unitOf, weekdayOf } from "./time-words.ts";
import { phraseLength, textAt, type Word } from "./words.ts";

const LAST = new Set(["last", "past", "previous", "prior", "trailing", "latest", "recent", "preceding"]);
/** "The past week" is the last seven days; "last week" is a calendar week. */
const ROLLING = new Set(["past", "trailing"]);
const THIS = new Set(["this", "current"]);

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
    const length = phraseLength(words, index, phrase);
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
    const length = phraseLength(words, index, phrase);
    if (length > 0) return { length, span: unitSpan(unit, 0, calendar) };
  }
  return undefined;
}

function readWeekday(words: readonly Word[], index: number, { today }: Calendar): SpanMatch | undefined {
  const name = textAt(words, index);
  const weekday = weekdayOf(name);
  // "Mondays" and "every Monday" are many days, which no one range holds.
  const isRepeated = name.endsWith("days") || new Set(["every", "each"]).has(textAt(words, index - 1));
  return weekday === undefined || isRepeated ? undefined : { length: 1, span: daySpan(latestWeekday(weekday, today)) };
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

/** `yesterday`, `last 7 days`, `2 weeks ago`, `month to date`, `last monday`: days counted from today. */
export const RELATIVE_READERS: readonly SpanReader[] = [
  readNamedDay,
  readRelativeUnits,
  readAgo,
  readToDate,
  readWeekday,
];
