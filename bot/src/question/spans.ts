import type { Calendar } from "./calendar.ts";
import { DATED_READERS } from "./dated-spans.ts";
import { RELATIVE_READERS } from "./relative-spans.ts";
import type { SpanMatch } from "./span-match.ts";
import { textAt, type Word } from "./words.ts";

const READERS = [...RELATIVE_READERS, ...DATED_READERS];

/** Reads `yesterday`, `last 7 days`, `February 2001`, `Q3`, `3 March`, `week 42`, `2026-11-03`, … The longest reading wins. */
export function readSpan(words: readonly Word[], index: number, calendar: Calendar): SpanMatch | undefined {
  const start = textAt(words, index) === "the" ? index + 1 : index;
  const matches = READERS.flatMap((read) => read(words, start, calendar) ?? []);
  const longest = matches.reduce<SpanMatch | undefined>(
    (best, match) => (best === undefined || match.length > best.length ? match : best),
    undefined,
  );
  return longest === undefined ? undefined : { ...longest, length: longest.length + start - index };
}
