import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkEvent } from "../../stats-app/src/ingest/check-event.ts";
import { parseWrittenTime } from "../../stats-app/src/ingest/instant.ts";

const NOW_US = Date.parse("2026-11-23T12:00:00Z") * 1000;
const good = {
  id: "e-1",
  event: "order",
  time: "2026-11-22T10:00:00.123456+01:00",
  user: "u-1",
  value: 12.5,
  dimensions: { country: "DE", age: 30, is_new: true, plan: null },
};

describe("checkEvent", () => {
  test("gives the event as it is stored", () => {
    expect(checkEvent(good, NOW_US)).toEqual({
      row: {
        id: "e-1",
        event: "order",
        timeUs: Date.parse("2026-11-22T09:00:00.123Z") * 1000 + 456,
        user: "u-1",
        value: 12.5,
        dimensions: { country: "DE", age: "30", is_new: "true" },
      },
    });
  });

  test.each([
    ["not an object", null, "is not an object"],
    ["an array", [good], "is not an object"],
    ["no id", { ...good, id: undefined }, "id: is missing"],
    ["an id of 129 characters", { ...good, id: "x".repeat(129) }, "id: must have 1 to 128 characters"],
    ["an id that is a number", { ...good, id: 7 }, "id: must be text"],
    ["an event in capitals", { ...good, event: "Order" }, "event: must be of a-z"],
    ["no time", { ...good, time: undefined }, "time: is missing"],
    ["a time without offset", { ...good, time: "2026-11-22T10:00:00" }, "time: needs a time of day and Z or an offset"],
    ["a time that is a number", { ...good, time: 1_764_000_000_000_000 }, "time: must be ISO 8601"],
    ["a date alone", { ...good, time: "2026-11-22" }, "time: needs a time of day"],
    ["31 November", { ...good, time: "2026-11-31T10:00:00Z" }, "time: must be ISO 8601"],
    ["25 o'clock", { ...good, time: "2026-11-22T25:00:00Z" }, "time: must be ISO 8601"],
    ["a time before 1970", { ...good, time: "1969-12-31T23:59:59Z" }, "time: is before 1970"],
    ["a time 25 hours ahead", { ...good, time: "2026-11-24T13:00:00Z" }, "time: is more than 24 hours ahead"],
    ["a value that is text", { ...good, value: "12" }, "value: must be a finite number"],
    ["a value without end", { ...good, value: Number.POSITIVE_INFINITY }, "value: must be a finite number"],
    ["half a surrogate pair", { ...good, id: "x\ud800" }, "id: is not valid Unicode"],
    ["an empty user", { ...good, user: "" }, "user: must have 1 to 128 characters"],
    ["a dimension in a dimension", { ...good, dimensions: { a: {} } }, "dimensions.a: must be text"],
    ["a dimension's name in capitals", { ...good, dimensions: { Country: "DE" } }, "dimensions.Country: must be named"],
    [
      "33 dimensions",
      { ...good, dimensions: Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`d${index}`, "x"])) },
      "dimensions: at most 32",
    ],
    ["a long dimension", { ...good, dimensions: { a: "x".repeat(257) } }, "dimensions.a: at most 256"],
    ["an unknown field", { ...good, colour: "red" }, "colour: is not a field of an event"],
    [
      "__proto__ as a dimension",
      JSON.parse('{"id":"x","event":"a","time":"2026-11-22T10:00:00Z","dimensions":{"__proto__":"x"}}'),
      "dimensions.__proto__: must be named",
    ],
  ])("refuses %s", (_case, input, problem) => {
    expect(checkEvent(input, NOW_US)).toMatchObject({ problem: expect.stringContaining(problem) });
  });

  test("24 hours ahead is just allowed", () => {
    expect(checkEvent({ ...good, time: "2026-11-24T12:00:00Z" }, NOW_US)).toHaveProperty("row");
  });

  test("whatever comes, it answers and does not throw", () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        expect(checkEvent(input, NOW_US)).toBeTypeOf("object");
      }),
    );
  });
});

describe("parseWrittenTime", () => {
  test("reads every instant that Temporal writes", () => {
    const offsets = fc.integer({ min: -12 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e15 }), offsets, (us, minutes) => {
        const offset = `${minutes < 0 ? "-" : "+"}${String(Math.floor(Math.abs(minutes) / 60)).padStart(2, "0")}:${String(Math.abs(minutes) % 60).padStart(2, "0")}`;
        const text = new Temporal.ZonedDateTime(BigInt(us) * 1000n, offset).toString({ timeZoneName: "never" });
        const time = parseWrittenTime(text);
        expect((time?.wallUs ?? 0) - (time?.offsetUs ?? 0)).toBe(us);
      }),
    );
  });
});
