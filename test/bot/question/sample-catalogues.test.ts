import { describe, expect, test } from "vitest";
import { readQuestion } from "../../../bot/src/question/read-question.ts";
import type { Catalogue } from "../../../bot/src/stats-api.ts";
import { describeMetric } from "../../../stats-app/src/catalogue/describe.ts";
import { readCatalogue } from "../../../stats-app/src/catalogue/read-catalogue.ts";

const nowMs = Date.parse("2026-11-23T18:00:00Z");

/** A catalogue file as the bot would receive it; `seen` are values that the data would add. */
function catalogueOf(file: string, seen: Readonly<Record<string, readonly string[]>> = {}): Catalogue {
  const read = readCatalogue([new URL(`../../../${file}`, import.meta.url).pathname]);
  const { product, timeZone, weekStart, metrics, dimensions } = read;
  return {
    product,
    timeZone,
    weekStart,
    now: new Date(nowMs).toISOString(),
    dataRange: { from: "2001-01-01T00:00:00Z", to: new Date(nowMs).toISOString() },
    metrics: [...metrics.values()].map(
      (metric) => JSON.parse(JSON.stringify(describeMetric(metric))) as Catalogue["metrics"][number],
    ),
    dimensions: [...dimensions.values()].map(({ name, title, aliases, values }) => ({
      name,
      title,
      aliases: [...aliases],
      values: [
        ...values.map((value) => ({ ...value, aliases: [...value.aliases] })),
        ...(seen[name] ?? []).map((value) => ({ value, title: value, aliases: [] })),
      ],
    })),
  };
}

const AIRPORTS = ["ATL", "ORD", "DFW", "LAX", "JFK", "SFO", "ONT"];
const sample = catalogueOf("stats-app/metrics.yaml");
const flights = catalogueOf("test/data/flights.metrics.yaml", { origin: AIRPORTS, destination: AIRPORTS });

describe.each([
  ["the sample product", sample],
  ["the flights", flights],
])("%s", (_case, catalogue) => {
  test.each(
    catalogue.metrics.flatMap((metric) => metric.examples.map((example): [string, string] => [example, metric.name])),
  )("the example “%s” asks for %s and leaves no word unread", (example, metric) => {
    expect(readQuestion(example, { catalogue, nowMs })).toMatchObject({ kind: "query", query: { metric }, unread: [] });
  });

  test.each(
    catalogue.metrics.flatMap((metric) =>
      [metric.name, metric.title, ...metric.aliases].map((name): [string, string] => [name, metric.name]),
    ),
  )("“%s” names %s", (name, metric) => {
    expect(readQuestion(`${name} last week`, { catalogue, nowMs })).toMatchObject({ kind: "query", query: { metric } });
  });
});

describe("questions of the issue", () => {
  const query = (text: string, catalogue: Catalogue): unknown => {
    const reading = readQuestion(text, { catalogue, nowMs });
    return reading.kind === "query" ? reading.query : reading;
  };

  test.each<[string, Catalogue, object]>([
    [
      "signups last 7 days by country vs previous week",
      sample,
      {
        metric: "signups",
        breakdown: "country",
        range: { from: "2026-11-16", to: "2026-11-23" },
        compare: "previous_period",
      },
    ],
    [
      "how many active users last month?",
      sample,
      { metric: "active_users", range: { from: "2026-10-01", to: "2026-11-01" } },
    ],
    [
      "revenue this quarter by plan",
      sample,
      { metric: "revenue", breakdown: "plan", range: { from: "2026-10-01", to: "2027-01-01" } },
    ],
    [
      "signups from Germany and the UK on android",
      sample,
      {
        filters: [
          { dimension: "country", values: ["DE", "GB"] },
          { dimension: "platform", values: ["android"] },
        ],
      },
    ],
    [
      "flights in February 2001 by origin top 5",
      flights,
      { metric: "flights", breakdown: "origin", limit: 5, range: { from: "2001-02-01", to: "2001-03-01" } },
    ],
    [
      "average delay from 2001-06-24 to 2001-06-30",
      flights,
      { metric: "average_delay", range: { from: "2001-06-24", to: "2001-07-01" } },
    ],
    [
      "flights per day from 2001-03-25 to 2001-04-07 in time zone America/New_York",
      flights,
      { granularity: "day", range: { from: "2001-03-25", to: "2001-04-08", timeZone: "America/New_York" } },
    ],
    [
      "flights from origin airport ATL in March 2001",
      flights,
      { metric: "flights", filters: [{ dimension: "origin", operator: "is", values: ["ATL"] }] },
    ],
    [
      "delayed flights in 2001 origin = ATL, ORD destination != SFO",
      flights,
      {
        filters: [
          { dimension: "origin", values: ["ATL", "ORD"] },
          { dimension: "destination", operator: "is_not", values: ["SFO"] },
        ],
      },
    ],
  ])("%s", (text, catalogue, expected) => {
    expect(query(text, catalogue)).toMatchObject(expected);
  });
});
