import { type Calendar, isBefore, type Span } from "./calendar.ts";
import type { Word } from "./words.ts";

/** Days that a phrase names. Without a year in the words, `inYear` gives the same days of any year. */
export interface SpanMatch {
  readonly length: number;
  readonly span: Span;
  readonly inYear?: (year: number) => Span | undefined;
  /** The words say both ends, as in "1 to 7 November". */
  readonly hasBothEnds?: boolean;
}

export type SpanReader = (words: readonly Word[], index: number, calendar: Calendar) => SpanMatch | undefined;

/** Eight years back finds every day there is, 29 February across a century included. */
export function latestStarted(inYear: (year: number) => Span | undefined, today: Temporal.PlainDate): Span | undefined {
  for (let year = today.year + 1; year >= today.year - 8; year -= 1) {
    const span = inYear(year);
    if (span !== undefined && !isBefore(today, span.from)) return span;
  }
  return undefined;
}

export function monthSpan(year: number, month: number): Span {
  const from = Temporal.PlainDate.from({ year, month, day: 1 });
  return { from, to: from.add({ months: 1 }), unit: "month" };
}
