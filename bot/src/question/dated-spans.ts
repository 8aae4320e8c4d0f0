import { type Calendar, dateOf, daySpan, isoWeekSpan, type Span } from "./calendar.ts";
import { latestStarted, monthSpan, type SpanMatch, type SpanReader } from "./span-match.ts";
import { dayOf, monthOf, ordinalOf, yearOf } from "./time-words.ts";
import { phraseLength, textAt, type Word } from "./words.ts";

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
  if (/^\d{4}(?:-\d{2}-\d{2}|\/\d{1,2}\/\d{1,2})$/.test(text)) return dayOrNothing(dateOf(first, second, third));
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
  const isBetween = textAt(words, index - 1) === "between";
  const days = readDays(words, isMonthFirst ? index + 1 : index, isBetween);
  if (days === undefined) return undefined;
  let end = (isMonthFirst ? index + 1 : index) + days.length;
  if (!isMonthFirst && textAt(words, end) === "of") end += 1;
  const month = monthOf(textAt(words, isMonthFirst ? index : end));
  if (month === undefined) return undefined;
  if (!isMonthFirst) end += 1;
  const inYear = (year: number): Span | undefined => daysSpan(year, month, days.first, days.last);
  const match = withYear(words, index, end, inYear, calendar);
  return match && days.length > 1 ? { ...match, hasBothEnds: true } : match;
}

const DAY_SEPARATORS = new Set(["-", "..", "to", "until", "till", "through"]);

function readDays(
  words: readonly Word[],
  index: number,
  isBetween: boolean,
): { first: number; last: number; length: number } | undefined {
  const first = dayOf(textAt(words, index));
  if (first === undefined) return undefined;
  const separator = textAt(words, index + 1);
  const isRange = DAY_SEPARATORS.has(separator) || (isBetween && separator === "and");
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

/** Takes the year that follows (`2025`, `[of] last year`), or the latest year in which those days have begun. */
function withYear(
  words: readonly Word[],
  index: number,
  end: number,
  inYear: (year: number) => Span | undefined,
  calendar: Calendar,
): SpanMatch | undefined {
  const relative = readRelativeYear(words, end, calendar);
  if (relative !== undefined) {
    const span = inYear(relative.year);
    return span === undefined ? undefined : { length: end - index + relative.length, span };
  }
  const yearAt = textAt(words, end) === "," ? end + 1 : end;
  const year = yearOf(textAt(words, yearAt));
  if (year !== undefined) {
    const span = inYear(year);
    return span === undefined ? undefined : { length: yearAt + 1 - index, span };
  }
  const span = latestStarted(inYear, calendar.today);
  return span === undefined ? undefined : { length: end - index, span, inYear };
}

function readRelativeYear(
  words: readonly Word[],
  index: number,
  { today }: Calendar,
): { readonly year: number; readonly length: number } | undefined {
  const of = textAt(words, index) === "of" ? 1 : 0;
  if (phraseLength(words, index + of, "last year") > 0) return { year: today.year - 1, length: of + 2 };
  return phraseLength(words, index + of, "this year") > 0 ? { year: today.year, length: of + 2 } : undefined;
}

/** `2026-11-03`, `3 March`, `February 2001`, `Q3`, `week 42`, `2025`: days by their place in the calendar. */
export const DATED_READERS: readonly SpanReader[] = [
  readIsoToken,
  readDayOfMonth,
  readMonth,
  readQuarterOrHalf,
  readWeekNumber,
  readYear,
];
