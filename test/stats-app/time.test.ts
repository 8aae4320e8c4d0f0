import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createWallClock } from "../../stats-app/src/load/wall-clock.ts";
import { bucketsOf } from "../../stats-app/src/query/buckets.ts";
import { comparisonRange } from "../../stats-app/src/query/comparison-range.ts";
import { resolveBound } from "../../stats-app/src/query/range.ts";
import { formatInstant, offsetSegments, segmentAt, toUs } from "../../stats-app/src/query/time-zone.ts";

const ZONES = [
  "UTC",
  "America/New_York",
  "Europe/Berlin",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "America/Havana",
  "Pacific/Apia",
  "America/Sao_Paulo",
  "Asia/Kathmandu",
];
const HOUR_US = 3_600_000_000;
const zone = fc.constantFrom(...ZONES);
const instantUs = fc.integer({ min: 0, max: Date.UTC(2090, 0, 1) }).map((ms) => ms * 1000);
const range = (from: string, to: string, timeZone: string) => ({
  fromUs: resolveBound(from, timeZone),
  toUs: resolveBound(to, timeZone),
  timeZone,
});

describe("offsets of a zone", () => {
  test("are those of Temporal at every instant", () => {
    fc.assert(
      fc.property(zone, instantUs, fc.integer({ min: 0, max: 3 * 366 * 24 }), (timeZone, fromUs, hours) => {
        const us = fromUs + hours * HOUR_US;
        const segments = offsetSegments(timeZone, fromUs, us + 1);
        const expected = new Temporal.ZonedDateTime(BigInt(us) * 1000n, timeZone).offsetNanoseconds / 1000;
        expect(segmentAt(segments, us).offsetUs).toBe(expected);
      }),
    );
  });
});

describe("a wall clock's reading", () => {
  test("is the instant that Temporal's 'compatible' gives, in gaps and repeats too", () => {
    const clocks = new Map(ZONES.map((timeZone) => [timeZone, createWallClock(timeZone)]));
    fc.assert(
      fc.property(zone, fc.integer({ min: 0, max: 90 * 366 * 24 * 4 }), (timeZone, quarters) => {
        const wallMs = Date.UTC(1971, 0, 1) + quarters * 900_000;
        const wall = Temporal.PlainDateTime.from(new Date(wallMs).toISOString().slice(0, -1));
        expect(clocks.get(timeZone)?.(wallMs * 1000)).toBe(toUs(wall.toZonedDateTime(timeZone)));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("buckets", () => {
  const granularity = fc.constantFrom("hour" as const, "day" as const, "week" as const, "month" as const);

  test("follow each other without gap or overlap from one end of the range to the other", () => {
    const length = fc.integer({ min: 1, max: 60 * 24 * 60 }).map((minutes) => minutes * 60_000_000);
    fc.assert(
      fc.property(zone, instantUs, length, granularity, (timeZone, fromUs, lengthUs, size) => {
        const asked = { fromUs, toUs: fromUs + lengthUs, timeZone };
        const buckets = bucketsOf(asked, size, "monday");
        expect(buckets[0]?.startUs).toBe(asked.fromUs);
        expect(buckets.at(-1)?.endUs).toBe(asked.toUs);
        for (const [index, { startUs, endUs }] of buckets.entries()) {
          expect(endUs).toBeGreaterThan(startUs);
          if (index > 0) expect(startUs).toBe(buckets[index - 1]?.endUs);
        }
        expect(new Set(buckets.map(({ key }) => key)).size).toBe(buckets.length);
      }),
      { numRuns: 300 },
    );
  });

  test("days begin where Temporal says that the day starts", () => {
    fc.assert(
      fc.property(zone, instantUs, (timeZone, fromUs) => {
        const asked = { fromUs, toUs: fromUs + 20 * 24 * HOUR_US, timeZone };
        for (const { startUs } of bucketsOf(asked, "day", "monday").slice(1)) {
          const at = new Temporal.ZonedDateTime(BigInt(startUs) * 1000n, timeZone);
          expect(at.startOfDay().equals(at)).toBe(true);
        }
      }),
    );
  });

  const hoursOf = (from: string, to: string, timeZone: string) =>
    bucketsOf(range(from, to, timeZone), "day", "monday").map(({ startUs, endUs }) => (endUs - startUs) / HOUR_US);

  test("a day is 23 hours long in spring and 25 in autumn", () => {
    expect(hoursOf("2026-03-07", "2026-03-10", "America/New_York")).toEqual([24, 23, 24]);
    expect(hoursOf("2026-10-31", "2026-11-03", "America/New_York")).toEqual([24, 25, 24]);
  });

  test("a day that a country skipped is no bucket", () => {
    expect(hoursOf("2011-12-29", "2012-01-01", "Pacific/Apia")).toEqual([24, 24]);
  });

  test("the hour that autumn repeats is two buckets", () => {
    const asked = range("2026-11-01", "2026-11-01T03:00", "America/New_York");
    const starts = bucketsOf(asked, "hour", "monday").map(({ startUs }) => formatInstant(startUs, asked.timeZone));
    expect(starts).toEqual([
      "2026-11-01T00:00:00-04:00",
      "2026-11-01T01:00:00-04:00",
      "2026-11-01T01:00:00-05:00",
      "2026-11-01T02:00:00-05:00",
    ]);
  });

  test("weeks begin as the catalogue says, and the range's edge cuts the first", () => {
    const asked = range("2026-11-18", "2026-12-01", "UTC");
    const [first, second] = bucketsOf(asked, "week", "sunday");
    expect(first).toMatchObject({ isCut: true });
    expect(formatInstant(second?.startUs ?? 0, "UTC")).toBe("2026-11-22T00:00:00+00:00");
  });
});

describe("the range to compare with", () => {
  const compare = (
    from: string,
    to: string,
    kind: "previous_period" | "previous_year",
    now: string,
    timeZone = "UTC",
  ) => {
    const { range: earlier, isSamePart } = comparisonRange(
      range(from, to, timeZone),
      kind,
      resolveBound(now, timeZone),
    );
    return [formatInstant(earlier.fromUs, timeZone), formatInstant(earlier.toUs, timeZone), isSamePart].join(" ");
  };
  const LATER = "2030-01-01";

  test.each([
    ["7 days before 7 days", "2026-11-16", "2026-11-23", "2026-11-09T00:00:00+00:00 2026-11-16T00:00:00+00:00 false"],
    ["a month before a month", "2026-03-01", "2026-04-01", "2026-02-01T00:00:00+00:00 2026-03-01T00:00:00+00:00 false"],
    [
      "a quarter before a quarter",
      "2026-04-01",
      "2026-07-01",
      "2026-01-01T00:00:00+00:00 2026-04-01T00:00:00+00:00 false",
    ],
    ["a year before a year", "2025-01-01", "2026-01-01", "2024-01-01T00:00:00+00:00 2025-01-01T00:00:00+00:00 false"],
    [
      "2 hours before 2 hours",
      "2026-11-16T10:00",
      "2026-11-16T12:00",
      "2026-11-16T08:00:00+00:00 2026-11-16T10:00:00+00:00 false",
    ],
  ])("previous period: %s", (_case, from, to, expected) => {
    expect(compare(from, to, "previous_period", LATER)).toBe(expected);
  });

  test("days stay whole across a clock change", () => {
    expect(compare("2026-03-08", "2026-03-15", "previous_period", LATER, "America/New_York")).toBe(
      "2026-03-01T00:00:00-05:00 2026-03-08T00:00:00-05:00 false",
    );
  });

  test.each([
    ["the same dates", "2026-02-01", "2026-03-01", "2025-02-01T00:00:00+00:00 2025-03-01T00:00:00+00:00 false"],
    ["29 February", "2024-02-29", "2024-03-01", "2023-02-28T00:00:00+00:00 2023-03-01T00:00:00+00:00 false"],
    ["up to 28 February", "2024-02-01", "2024-02-29", "2023-02-01T00:00:00+00:00 2023-03-01T00:00:00+00:00 false"],
  ])("previous year: %s", (_case, from, to, expected) => {
    expect(compare(from, to, "previous_year", LATER)).toBe(expected);
  });

  test.each([
    [
      "this month",
      "2026-11-01",
      "2026-12-01",
      "2026-11-23T12:00",
      "2026-10-01T00:00:00+00:00 2026-10-23T12:00:00+00:00 true",
    ],
    [
      "today",
      "2026-11-23",
      "2026-11-24",
      "2026-11-23T12:00",
      "2026-11-22T00:00:00+00:00 2026-11-22T12:00:00+00:00 true",
    ],
    [
      "31 March: all of February",
      "2026-03-01",
      "2026-04-01",
      "2026-03-31T12:00",
      "2026-02-01T00:00:00+00:00 2026-03-01T00:00:00+00:00 true",
    ],
    [
      "this year",
      "2026-01-01",
      "2027-01-01",
      "2026-11-23T12:00",
      "2025-01-01T00:00:00+00:00 2025-11-23T12:00:00+00:00 true",
    ],
  ])("an unfinished range is compared with the same part: %s", (_case, from, to, now, expected) => {
    expect(compare(from, to, "previous_period", now)).toBe(expected);
  });
});
