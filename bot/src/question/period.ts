import { type Calendar, isBefore, type Span, type Unit } from "./calendar.ts";
import type { SpanMatch } from "./span-match.ts";
import { readSpan } from "./spans.ts";
import { numberOf, shortAmountOf, unitOf } from "./time-words.ts";
import { joinWords, phraseLength, textAt, type Word } from "./words.ts";

/** A range that the words named, with the words, so that the question can be asked again tomorrow. */
export interface Period {
  /** Wall-clock, as the stats API takes it; `to` is exclusive. */
  readonly from: string;
  readonly to: string;
  readonly words: string;
  readonly unit: Unit;
}

export interface PeriodMatch {
  readonly length: number;
  readonly period: Period;
  /** What the same words may mean as well: "from October" is October, or all since. */
  readonly otherwise?: Period;
}

const PREPOSITIONS = new Set(["in", "on", "during", "for", "over", "within", "of", "at", "the"]);
const RANGE_SEPARATORS = new Set(["to", "until", "till", "through", "thru", "-", ".."]);
const DATE_TIME = /^\d{4}-\d{2}-\d{2}t\d{2}:\d{2}$/;

/** Reads a period that begins at `index`: `last 7 days`, `in February`, `from 1 March to 15 April`, `since Monday`. */
export function readPeriod(
  words: readonly Word[],
  index: number,
  calendar: Calendar,
  isAfterCompare = false,
): PeriodMatch | undefined {
  let start = index;
  while (PREPOSITIONS.has(textAt(words, start))) start += 1;
  const match =
    readHours(words, start, calendar) ??
    readInstants(words, start) ??
    readRange(words, start, calendar, isAfterCompare) ??
    readOpenRange(words, start, calendar) ??
    readEverything(words, start, calendar) ??
    readPlain(words, start, calendar);
  return match === undefined ? undefined : { ...match, length: match.length + start - index };
}

function readPlain(words: readonly Word[], index: number, calendar: Calendar): PeriodMatch | undefined {
  const match = readSpan(words, index, calendar);
  return match === undefined ? undefined : named(words, index, match.length, match.span);
}

/** Both ends are included, whatever they are: days, months, quarters. "Compare October to September" is no range. */
function readRange(
  words: readonly Word[],
  index: number,
  calendar: Calendar,
  isAfterCompare: boolean,
): PeriodMatch | undefined {
  const lead = textAt(words, index);
  const isBetween = lead === "between";
  const hasLead = isBetween || lead === "from" || lead === "since";
  if (isAfterCompare && !hasLead) return undefined;
  const start = hasLead ? index + 1 : index;
  const first = readSpan(words, start, calendar);
  if (first === undefined) return undefined;
  if (hasLead && first.hasBothEnds) return named(words, index, start - index + first.length, first.span);
  const separator = textAt(words, start + first.length);
  if (!(isBetween && separator === "and") && !RANGE_SEPARATORS.has(separator)) return undefined;
  const second = readSpan(words, start + first.length + 1, calendar);
  if (second === undefined) return undefined;
  const { from, to } = fitYears(first, second);
  const length = start - index + first.length + 1 + second.length;
  return named(words, index, length, { from, to, unit: first.span.unit });
}

/** One year said once holds for both ends, as in "from March to May 2025". */
function fitYears(first: SpanMatch, second: SpanMatch): { from: Temporal.PlainDate; to: Temporal.PlainDate } {
  if (first.inYear !== undefined) {
    const end = second.span;
    const sameYear = first.inYear(end.from.year);
    const fitting =
      sameYear !== undefined && !isBefore(end.from, sameYear.from) ? sameYear : first.inYear(end.from.year - 1);
    return { from: (fitting ?? first.span).from, to: end.to };
  }
  if (second.inYear === undefined) return { from: first.span.from, to: second.span.to };
  const sameYear = second.inYear(first.span.from.year);
  const fitting =
    sameYear !== undefined && !isBefore(sameYear.from, first.span.from)
      ? sameYear
      : second.inYear(first.span.from.year + 1);
  return { from: first.span.from, to: (fitting ?? second.span).to };
}

/** `since March`, `from Monday`, `after 3 March`, `until 3 March`. */
function readOpenRange(words: readonly Word[], index: number, calendar: Calendar): PeriodMatch | undefined {
  const lead = textAt(words, index);
  const isUntil = new Set(["until", "till", "before"]).has(lead);
  if (!isUntil && !new Set(["since", "from", "after", "starting"]).has(lead)) return undefined;
  const match = readSpan(words, index + 1, calendar);
  if (match === undefined) return undefined;
  const { span } = match;
  const isYesterday = textAt(words, index + 1) === "yesterday";
  if (lead === "from" && (isYesterday || isPast(span, calendar)))
    return readFromPast(words, index + 1, match, calendar);
  const tomorrow = calendar.today.add({ days: 1 });
  if (!isUntil)
    return named(words, index, match.length + 1, {
      from: lead === "after" ? span.to : span.from,
      to: tomorrow,
      unit: "day",
    });
  if (calendar.firstDay === null) return undefined;
  return named(words, index, match.length + 1, {
    from: calendar.firstDay,
    to: lead === "before" ? span.from : span.to,
    unit: "day",
  });
}

/** A span of several days that is over; "from Monday" has one meaning, on a Tuesday too. */
function isPast({ from, to, unit }: Span, { today }: Calendar): boolean {
  return !isBefore(today, to) && (unit !== "day" || isBefore(from.add({ days: 1 }), to));
}

const AMOUNT_LEADS = new Set(["last", "past", "previous", "trailing"]);

/** "From October" may be October or all since; "from the last 7 days" is those days. */
function readFromPast(
  words: readonly Word[],
  index: number,
  { length, span }: SpanMatch,
  { today }: Calendar,
): PeriodMatch {
  const isAmount = words
    .slice(index, index + length)
    .some(
      ({ text }, at) =>
        shortAmountOf(text) !== undefined ||
        (at > 0 && AMOUNT_LEADS.has(textAt(words, index + at - 1)) && numberOf(text) !== undefined),
    );
  const plain = named(words, index, length, span);
  if (isAmount) return { ...plain, length: length + 1 };
  const since = { ...plain.period, to: today.add({ days: 1 }).toString(), words: `since ${plain.period.words}` };
  return { length: length + 1, period: plain.period, otherwise: { ...since, unit: "day" } };
}

const EVERYTHING = ["all time", "all of time", "ever", "since the beginning", "since the start", "lifetime"];

function readEverything(words: readonly Word[], index: number, { firstDay, today }: Calendar): PeriodMatch | undefined {
  if (firstDay === null) return undefined;
  for (const phrase of EVERYTHING) {
    const length = phraseLength(words, index, phrase);
    if (length === 0) continue;
    return named(words, index, length, { from: firstDay, to: today.add({ days: 1 }), unit: "day" });
  }
  return undefined;
}

/** `last 24 hours`, `24h`, `this hour`: complete hours, up to the running one. */
function readHours(words: readonly Word[], index: number, { hour }: Calendar): PeriodMatch | undefined {
  const lead = textAt(words, index);
  const isThis = lead === "this" || lead === "current";
  const isLast = new Set(["last", "past", "previous", "trailing"]).has(lead);
  const at = isThis || isLast ? index + 1 : index;
  const short = shortAmountOf(textAt(words, at));
  const counted = short?.count ?? numberOf(textAt(words, at));
  const unitAt = short !== undefined || counted === undefined ? at : at + 1;
  const unit = short?.unit ?? unitOf(textAt(words, unitAt));
  if (unit !== "hour" || (counted === undefined && !isThis && !isLast)) return undefined;
  if (counted !== undefined && (isThis || counted < 1 || counted > MAX_HOURS)) return undefined;
  const [from, to] = isThis ? [hour, hour.add({ hours: 1 })] : [hour.subtract({ hours: counted ?? 1 }), hour];
  return {
    length: unitAt + 1 - index,
    period: { ...clockRange(from, to), words: wordsOf(words, index, unitAt + 1), unit: "hour" },
  };
}

const MAX_HOURS = 24 * 366;

/** `from 2026-11-03T13:00 to 2026-11-03T15:00`: exactly as written, the end excluded. */
function readInstants(words: readonly Word[], index: number): PeriodMatch | undefined {
  const start = textAt(words, index) === "from" || textAt(words, index) === "between" ? index + 1 : index;
  const [first, separator, second] = [textAt(words, start), textAt(words, start + 1), textAt(words, start + 2)];
  if (!DATE_TIME.test(first) || !DATE_TIME.test(second)) return undefined;
  if (!RANGE_SEPARATORS.has(separator) && separator !== "and") return undefined;
  try {
    const range = clockRange(Temporal.PlainDateTime.from(first), Temporal.PlainDateTime.from(second));
    return { length: start + 3 - index, period: { ...range, words: wordsOf(words, index, start + 3), unit: "hour" } };
  } catch {
    return undefined;
  }
}

function clockRange(from: Temporal.PlainDateTime, to: Temporal.PlainDateTime): { from: string; to: string } {
  return { from: from.toString({ smallestUnit: "minute" }), to: to.toString({ smallestUnit: "minute" }) };
}

function named(words: readonly Word[], index: number, length: number, span: Span): PeriodMatch {
  const period = {
    from: span.from.toString(),
    to: span.to.toString(),
    words: wordsOf(words, index, index + length),
    unit: span.unit,
  };
  return { length, period };
}

function wordsOf(words: readonly Word[], from: number, to: number): string {
  return joinWords(words.slice(from, to))
    .toLowerCase()
    .replace(/\d{4}-\d{2}-\d{2}t/g, (text) => text.toUpperCase());
}
