import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ReadOptions, readQuestion } from "../../../bot/src/question/read-question.ts";
import { catalogue } from "../support/catalogue.ts";

const nowMs = Date.parse("2026-11-23T18:00:00Z");
const options: ReadOptions = { catalogue, nowMs };

const WORDS = (
  "signups revenue users active average delay flights errors conversion by per top 5 country plan channel platform origin in for from to since until " +
  "between and or not excluding without = != , vs previous last this next week month quarter year day hour hours days 7 30 1000 2026 2001 9999 q3 h2 w53 week 54 " +
  "march may february 29 31 2026-11-03 2026-02-30 2026-W60 0000-01-01 9999-12-31 11/03/2026 2026-11-03T13:00 Germany JFK free enterprise web IT us the " +
  "yesterday today monday weekend ago ytd all time ever compare with same period limit 100 utc America/New_York America/Nowhere " +
  'tokyo time zone "quoted words" xyzzy signps 🎉 <@U1> - .. ? 7d 24h 3mo 5000y hourly daily weekly no comparison yoy'
).split(" ");

const sentences = fc.oneof(
  fc.array(fc.constantFrom(...WORDS), { maxLength: 12 }).map((words) => words.join(" ")),
  fc.string({ maxLength: 120 }),
);

describe("whatever is typed", () => {
  test("it is read as a query or answered with something to press, and never throws", () => {
    fc.assert(
      fc.property(sentences, (text) => {
        const reading = readQuestion(text, options);
        if (reading.kind === "query") return;
        expect(reading.about.length).toBeGreaterThan(0);
        expect(reading.candidates.length).toBeGreaterThan(0);
      }),
      { numRuns: 2_000 },
    );
  });

  test("a query's range is real, runs forwards and has begun", () => {
    fc.assert(
      fc.property(sentences, (text) => {
        const reading = readQuestion(text, options);
        if (reading.kind !== "query") return;
        const { from, to, timeZone } = reading.query.range;
        const start = Temporal.PlainDateTime.from(from);
        expect(Temporal.PlainDateTime.compare(start, Temporal.PlainDateTime.from(to))).toBe(-1);
        const now = Temporal.Instant.fromEpochMilliseconds(nowMs)
          .toZonedDateTimeISO(timeZone ?? "UTC")
          .toPlainDateTime();
        expect(Temporal.PlainDateTime.compare(start, now)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 2_000 },
    );
  });

  test("the canonical sentence of a query reads back as the same query, with nothing passed over", () => {
    fc.assert(
      fc.property(sentences, (text) => {
        const reading = readQuestion(text, options);
        if (reading.kind !== "query") return;
        expect(readQuestion(reading.question, options)).toEqual({ ...reading, unread: [] });
      }),
      { numRuns: 2_000 },
    );
  });

  test("every word of a question is read, filler, or named as not understood", () => {
    const { kind, ...rest } = readQuestion("signups zork last week frobnicate", options);
    expect(kind).toBe("query");
    expect(rest).toMatchObject({ unread: ["zork", "frobnicate"] });
  });
});
