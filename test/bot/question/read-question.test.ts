import { describe, expect, test } from "vitest";
import { readQuestion } from "../../../bot/src/question/read-question.ts";
import type { StatsQuery } from "../../../bot/src/stats-api.ts";
import { catalogue } from "../support/catalogue.ts";

/** Monday, ISO week 48. */
const nowMs = Date.parse("2026-11-23T18:00:00Z");

const read = (text: string) => readQuestion(text, { catalogue, nowMs });

type Expected = Partial<Omit<StatsQuery, "range">> & { from: string; to: string; timeZone?: string };

/** The query of a sentence, flattened, with the defaults left out. */
function queryOf(text: string): Expected {
  const reading = read(text);
  if (reading.kind !== "query") throw new TypeError(`${text}: ${JSON.stringify(reading)}`);
  const { range, compare, ...rest } = reading.query;
  const { timeZone, ...dates } = range;
  return {
    ...rest,
    ...dates,
    ...(timeZone !== "UTC" && { timeZone }),
    ...(compare !== "previous_period" && { compare }),
  };
}

const last30 = { from: "2026-10-24", to: "2026-11-23" };
const by = (breakdown: string, limit = 10) => ({ breakdown, limit, granularity: "none" as const });
const is = (dimension: string, ...values: string[]) => ({ dimension, operator: "is" as const, values });
const not = (dimension: string, ...values: string[]) => ({ dimension, operator: "is_not" as const, values });

describe("a question becomes a query", () => {
  test.each<[string, Expected]>([
    // Metrics, their names and how people dress them up.
    ["signups", { metric: "signups", ...last30 }],
    ["Signups?", { metric: "signups", ...last30 }],
    ["SIGNUPS!!!", { metric: "signups", ...last30 }],
    ["signup", { metric: "signups", ...last30 }],
    ["sign-ups", { metric: "signups", ...last30 }],
    ["new users", { metric: "signups", ...last30 }],
    ["MAU", { metric: "active_users", ...last30 }],
    ["active_users", { metric: "active_users", ...last30 }],
    ["conversion", { metric: "conversion_rate", ...last30 }],
    ["<@U123> please show us the signups 🎉 :tada:", { metric: "signups", ...last30 }],
    ["what’s our “revenue”, please", { metric: "revenue", ...last30 }],
    ["how many active users last month?", { metric: "active_users", from: "2026-10-01", to: "2026-11-01" }],
    ["average delay", { metric: "average_delay", ...last30 }],
    ["how much revenue did we have yesterday", { metric: "revenue", from: "2026-11-22", to: "2026-11-23" }],

    // Periods.
    ["signups today", { metric: "signups", from: "2026-11-23", to: "2026-11-24" }],
    ["yesterday's signups", { metric: "signups", from: "2026-11-22", to: "2026-11-23" }],
    ["signups the day before yesterday", { metric: "signups", from: "2026-11-21", to: "2026-11-22" }],
    ["signups last 7 days", { metric: "signups", from: "2026-11-16", to: "2026-11-23" }],
    ["signups over the last seven days", { metric: "signups", from: "2026-11-16", to: "2026-11-23" }],
    ["signups 7d", { metric: "signups", from: "2026-11-16", to: "2026-11-23" }],
    ["signups past week", { metric: "signups", from: "2026-11-16", to: "2026-11-23" }],
    ["signups last week", { metric: "signups", from: "2026-11-16", to: "2026-11-23" }],
    ["signups last 2 weeks", { metric: "signups", from: "2026-11-09", to: "2026-11-23" }],
    ["signups last 3 months", { metric: "signups", from: "2026-08-01", to: "2026-11-01" }],
    ["signups last quarter", { metric: "signups", from: "2026-07-01", to: "2026-10-01" }],
    ["signups last year", { metric: "signups", from: "2025-01-01", to: "2026-01-01" }],
    ["signups this week", { metric: "signups", from: "2026-11-23", to: "2026-11-30" }],
    ["signups week to date", { metric: "signups", from: "2026-11-23", to: "2026-11-30" }],
    ["signups month-to-date", { metric: "signups", from: "2026-11-01", to: "2026-12-01" }],
    ["signups ytd", { metric: "signups", from: "2026-01-01", to: "2027-01-01" }],
    ["signups so far this year", { metric: "signups", from: "2026-01-01", to: "2027-01-01" }],
    ["signups on 2026-11-03", { metric: "signups", from: "2026-11-03", to: "2026-11-04" }],
    ["signups on 3.11.2026", { metric: "signups", from: "2026-11-03", to: "2026-11-04" }],
    ["signups on 11/23/2026", { metric: "signups", from: "2026-11-23", to: "2026-11-24" }],
    ["signups on November 3rd, 2025", { metric: "signups", from: "2025-11-03", to: "2025-11-04" }],
    ["signups on the 3rd of March", { metric: "signups", from: "2026-03-03", to: "2026-03-04" }],
    ["signups 24 to 30 June 2001", { metric: "signups", from: "2001-06-24", to: "2001-07-01" }],
    ["signups June 24–30, 2001", { metric: "signups", from: "2001-06-24", to: "2001-07-01" }],
    ["signups in 2025", { metric: "signups", from: "2025-01-01", to: "2026-01-01" }],
    ["signups in 2026-10", { metric: "signups", from: "2026-10-01", to: "2026-11-01" }],
    ["signups in December", { metric: "signups", from: "2025-12-01", to: "2026-01-01" }],
    ["signups in may", { metric: "signups", from: "2026-05-01", to: "2026-06-01" }],
    ["may I see signups", { metric: "signups", ...last30 }],
    ["signups last november", { metric: "signups", from: "2025-11-01", to: "2025-12-01" }],
    ["signups Q3", { metric: "signups", from: "2026-07-01", to: "2026-10-01" }],
    ["signups 2025 Q3", { metric: "signups", from: "2025-07-01", to: "2025-10-01" }],
    ["signups third quarter of 2025", { metric: "signups", from: "2025-07-01", to: "2025-10-01" }],
    ["signups first half of 2026", { metric: "signups", from: "2026-01-01", to: "2026-07-01" }],
    ["signups week 42", { metric: "signups", from: "2026-10-12", to: "2026-10-19" }],
    ["signups 2026-W01", { metric: "signups", from: "2025-12-29", to: "2026-01-05" }],
    ["signups on monday", { metric: "signups", from: "2026-11-23", to: "2026-11-24" }],
    ["signups last monday", { metric: "signups", from: "2026-11-16", to: "2026-11-17" }],
    ["signups on Friday", { metric: "signups", from: "2026-11-20", to: "2026-11-21" }],
    ["signups last weekend", { metric: "signups", from: "2026-11-21", to: "2026-11-23" }],
    ["signups 2 weeks ago", { metric: "signups", from: "2026-11-09", to: "2026-11-16" }],
    ["signups since March", { metric: "signups", from: "2026-03-01", to: "2026-11-24" }],
    ["signups since monday", { metric: "signups", from: "2026-11-23", to: "2026-11-24" }],
    ["signups between 1 March and 15 April", { metric: "signups", from: "2026-03-01", to: "2026-04-16" }],
    ["signups from March to May 2025", { metric: "signups", from: "2025-03-01", to: "2025-06-01" }],
    ["signups from November to February", { metric: "signups", from: "2025-11-01", to: "2026-03-01" }],
    ["signups 2026-11-01..2026-11-15", { metric: "signups", from: "2026-11-01", to: "2026-11-16" }],
    ["signups from 1 to 7 November", { metric: "signups", from: "2026-11-01", to: "2026-11-08" }],
    ["signups from June 24 - 30", { metric: "signups", from: "2026-06-24", to: "2026-07-01" }],
    ["signups between 1 and 7 November", { metric: "signups", from: "2026-11-01", to: "2026-11-08" }],
    ["signups from the last 7 days", { metric: "signups", from: "2026-11-16", to: "2026-11-23" }],
    ["signups from Sunday", { metric: "signups", from: "2026-11-22", to: "2026-11-24" }],
    ["signups from 3 March", { metric: "signups", from: "2026-03-03", to: "2026-11-24" }],
    ["signups on 2026/11/3", { metric: "signups", from: "2026-11-03", to: "2026-11-04" }],
    ["signups in March last year", { metric: "signups", from: "2025-03-01", to: "2025-04-01" }],
    [
      "signups October vs October of last year",
      { metric: "signups", from: "2026-10-01", to: "2026-11-01", compare: "previous_year" },
    ],
    ["signups all time", { metric: "signups", from: "2000-12-31", to: "2026-11-24" }],
    ["signups last 24 hours", { metric: "signups", from: "2026-11-22T18:00", to: "2026-11-23T18:00" }],
    [
      "signups from 2026-11-03T13:00 to 2026-11-03T15:00",
      { metric: "signups", from: "2026-11-03T13:00", to: "2026-11-03T15:00" },
    ],
    ["average delay from 2001-06-24 to 2001-06-30", { metric: "average_delay", from: "2001-06-24", to: "2001-07-01" }],

    // Steps.
    ["daily signups last 30 days", { metric: "signups", ...last30, granularity: "day" }],
    ["errors today per hour", { metric: "errors", from: "2026-11-23", to: "2026-11-24", granularity: "hour" }],
    ["revenue in Q3 2026 by month", { metric: "revenue", from: "2026-07-01", to: "2026-10-01", granularity: "month" }],
    [
      "signups week by week this year",
      { metric: "signups", from: "2026-01-01", to: "2027-01-01", granularity: "week" },
    ],
    [
      "flights per day from 2001-03-25 to 2001-04-07 in time zone America/New_York",
      { metric: "flights", from: "2001-03-25", to: "2001-04-08", granularity: "day", timeZone: "America/New_York" },
    ],

    // Breakdowns.
    ["signups by country", { metric: "signups", ...last30, ...by("country") }],
    ["signups per market", { metric: "signups", ...last30, ...by("country") }],
    [
      "top 5 countries by revenue this year",
      { metric: "revenue", from: "2026-01-01", to: "2027-01-01", ...by("country", 5) },
    ],
    [
      "flights in February 2001 by origin top 5",
      { metric: "flights", from: "2001-02-01", to: "2001-03-01", ...by("origin", 5) },
    ],
    [
      "which countries had signups yesterday",
      { metric: "signups", from: "2026-11-22", to: "2026-11-23", ...by("country") },
    ],
    [
      "signups by country per day last week",
      { metric: "signups", from: "2026-11-16", to: "2026-11-23", ...by("country"), granularity: "day" },
    ],
    [
      "signups by day and country last week",
      { metric: "signups", from: "2026-11-16", to: "2026-11-23", ...by("country"), granularity: "day" },
    ],

    // Filters.
    [
      "orders yesterday by plan in Germany",
      { metric: "orders", from: "2026-11-22", to: "2026-11-23", ...by("plan"), filters: [is("country", "DE")] },
    ],
    ["signups for web users", { metric: "signups", ...last30, filters: [is("platform", "web")] }],
    ["signups on iOS", { metric: "signups", ...last30, filters: [is("platform", "ios")] }],
    ["enterprise signups", { metric: "signups", ...last30, filters: [is("plan", "enterprise")] }],
    ["enterprise users", { metric: "active_users", ...last30, filters: [is("plan", "enterprise")] }],
    ["how many users on the pro plan", { metric: "active_users", ...last30, filters: [is("plan", "pro")] }],
    ["signups country = DE, FR", { metric: "signups", ...last30, filters: [is("country", "DE", "FR")] }],
    ["signups country is Germany or France", { metric: "signups", ...last30, filters: [is("country", "DE", "FR")] }],
    ["signups in Germany and France", { metric: "signups", ...last30, filters: [is("country", "DE", "FR")] }],
    ["signups country = PT", { metric: "signups", ...last30, filters: [is("country", "PT")] }],
    ['signups country: "São Tomé"', { metric: "signups", ...last30, filters: [is("country", "São Tomé")] }],
    ["signups not enterprise", { metric: "signups", ...last30, filters: [not("plan", "enterprise")] }],
    ["signups plan != pro", { metric: "signups", ...last30, filters: [not("plan", "pro")] }],
    ["signups where country is not Italy", { metric: "signups", ...last30, filters: [not("country", "IT")] }],
    ["signups IT", { metric: "signups", ...last30, filters: [is("country", "IT")] }],
    ["how is it going with signups", { metric: "signups", ...last30 }],
    ["signups in us", { metric: "signups", ...last30, filters: [is("country", "US")] }],
    ["signups from the us", { metric: "signups", ...last30, filters: [is("country", "US")] }],
    ["show us signups", { metric: "signups", ...last30 }],
    ["signups outside Germany", { metric: "signups", ...last30, filters: [not("country", "DE")] }],
    ["signups outside of the us", { metric: "signups", ...last30, filters: [not("country", "US")] }],
    ["signups apart from Germany and France", { metric: "signups", ...last30, filters: [not("country", "DE", "FR")] }],
    ["everything but Germany signups", { metric: "signups", ...last30, filters: [not("country", "DE")] }],
    ["signups ex Germany", { metric: "signups", ...last30, filters: [not("country", "DE")] }],
    [
      "compare signups in Germany and France",
      { metric: "signups", ...last30, ...by("country"), filters: [is("country", "DE", "FR")] },
    ],
    [
      "ios vs web signups",
      { metric: "signups", ...last30, ...by("platform"), filters: [is("platform", "ios", "web")] },
    ],
    ["signups in the US", { metric: "signups", ...last30, filters: [is("country", "US")] }],
    [
      "signups in Germany on web",
      { metric: "signups", ...last30, filters: [is("country", "DE"), is("platform", "web")] },
    ],
    [
      "conversion by channel last week excluding paid",
      {
        metric: "conversion_rate",
        from: "2026-11-16",
        to: "2026-11-23",
        ...by("channel"),
        filters: [not("channel", "paid")],
      },
    ],

    // Comparisons.
    [
      "signups last 7 days by country vs previous week",
      { metric: "signups", from: "2026-11-16", to: "2026-11-23", ...by("country") },
    ],
    [
      "revenue this quarter vs last year",
      { metric: "revenue", from: "2026-10-01", to: "2027-01-01", compare: "previous_year" },
    ],
    ["compare revenue last month with the month before", { metric: "revenue", from: "2026-10-01", to: "2026-11-01" }],
    [
      "compare revenue last month to last year",
      { metric: "revenue", from: "2026-10-01", to: "2026-11-01", compare: "previous_year" },
    ],
    ["revenue october vs september", { metric: "revenue", from: "2026-10-01", to: "2026-11-01" }],
    [
      "revenue october 2026 vs october 2025",
      { metric: "revenue", from: "2026-10-01", to: "2026-11-01", compare: "previous_year" },
    ],
    ["signups vs last month", { metric: "signups", from: "2026-11-01", to: "2026-12-01" }],
    [
      "revenue last month vs same month last year",
      { metric: "revenue", from: "2026-10-01", to: "2026-11-01", compare: "previous_year" },
    ],
    ["signups this week vs the same time last week", { metric: "signups", from: "2026-11-23", to: "2026-11-30" }],
    ["signups year over year", { metric: "signups", ...last30, compare: "previous_year" }],
    ["signups last week, week-over-week", { metric: "signups", from: "2026-11-16", to: "2026-11-23" }],
    [
      "signups yesterday compared to a year ago",
      { metric: "signups", from: "2026-11-22", to: "2026-11-23", compare: "previous_year" },
    ],
    ["signups last week no comparison", { metric: "signups", from: "2026-11-16", to: "2026-11-23", compare: "none" }],

    // Time zones.
    ["signups today in UTC", { metric: "signups", from: "2026-11-23", to: "2026-11-24" }],
    ["signups today Asia/Tokyo", { metric: "signups", from: "2026-11-24", to: "2026-11-25", timeZone: "Asia/Tokyo" }],
    [
      "signups today in New York time",
      { metric: "signups", from: "2026-11-23", to: "2026-11-24", timeZone: "America/New_York" },
    ],
  ])("%s", (text, expected) => {
    expect(queryOf(text)).toEqual(expected);
  });

  test("weeks begin on Sunday where the catalogue says so", () => {
    const reading = readQuestion("signups last week", { catalogue: { ...catalogue, weekStart: "sunday" }, nowMs });
    expect(reading).toMatchObject({ query: { range: { from: "2026-11-15", to: "2026-11-22" } } });
  });
});

describe("doubt becomes candidates", () => {
  test.each<[string, string | RegExp, string[]]>([
    ["a typo", "signps last week", ["Signups"]],
    ["a value of two dimensions", "flights from JFK", ["Origin: JFK", "Destination: JFK"]],
    ["a value of two dimensions, in a list", "signups free", ["Plan: Free", "Channel: Free trial campaign"]],
    ["a date that is two dates", "signups 11/03/2026", ["2026-11-03", "2026-03-11"]],
    ["two breakdowns", "signups by country and plan", ["by Country", "by Plan"]],
    ["two metrics", "revenue and signups last week", ["Revenue", "Signups"]],
    ["two periods", "signups last week yesterday", ["last week", "yesterday"]],
    [
      "a comparison that cannot be had",
      "signups last 30 days vs previous week",
      ["the period before", "a year earlier"],
    ],
    ["the same day of a week", "signups yesterday vs same day last week", ["the period before", "a year earlier"]],
    ["the top of nothing", "top 3 signups last week", ["by Country", "by Plan"]],
    ["an unknown place", "signups in Atlantis", ["Leave out “Atlantis”"]],
    ["an unknown step", "signups bottom 5 countries", ["Leave out “bottom 5”"]],
    ["a period that may be open", "signups from last week", ["last week", "since last week"]],
    ["a day that may be open", "signups from yesterday", ["yesterday", "since yesterday"]],
    ["many days", "signups on Mondays", ["Leave out “Mondays”"]],
    ["a day that comes again", "signups every monday", ["Leave out “monday”"]],
    ["an exception unheard of", "signups anywhere but Germany", ["Leave out “anywhere but”"]],
    ["values of two dimensions", "signups ios vs Germany", ["Leave out “vs”"]],
    ["the future", "signups next week", ["Leave out “next week”"]],
    ["a breakdown that the metric lacks", "errors by country", ["Errors as a whole", "by Platform"]],
  ])("%s: %s", (_case, text, labels) => {
    const reading = read(text as string);
    if (reading.kind !== "doubt") throw new TypeError(JSON.stringify(reading));
    expect(reading.candidates.map((candidate) => candidate.label)).toEqual(expect.arrayContaining(labels));
    for (const candidate of reading.candidates) expect(read(candidate.question)).toMatchObject({ kind: "query" });
  });

  test.each(["revenue tomorrow", "signups next week"])("the future is called so: %s", (text) => {
    expect(read(text)).toMatchObject({ kind: "doubt", about: expect.stringContaining("still to come") });
  });

  test("a word that merely decorates is named, not asked about", () => {
    expect(read("signups splendidly last week")).toMatchObject({ kind: "query", unread: ["splendidly"] });
  });

  test.each(["xyzzy", "", "🎉", "what is the weather", "how is the weather in Paris", "by plan"])(
    "what cannot be read gets examples: %j",
    (text) => {
      const reading = read(text);
      expect(reading.kind).toBe("unreadable");
      expect(reading.kind === "unreadable" && reading.candidates.length).toBeGreaterThan(2);
    },
  );

  test.each([
    ["signups from 2026-05-01 to 2026-04-01", "ends before it begins"],
    ["signups in 2030", "has not begun yet"],
    ["signups ".repeat(80), "too long"],
  ])("%s", (text, about) => {
    expect(read(text)).toMatchObject({ kind: "unreadable", about: expect.stringContaining(about) });
  });
});

describe("a follow-up continues the thread", () => {
  const first = read("signups last 7 days in Germany");
  const before = first.kind === "query" ? first.parts : undefined;

  test.each([
    [
      "and by plan?",
      { breakdown: "plan", filters: [is("country", "DE")], range: { from: "2026-11-16", to: "2026-11-23" } },
    ],
    [
      "last month?",
      { metric: "signups", range: { from: "2026-10-01", to: "2026-11-01" }, filters: [is("country", "DE")] },
    ],
    ["and France?", { filters: [is("country", "FR")] }],
    ["vs last year", { compare: "previous_year", range: { from: "2026-11-16" } }],
    ["per day", { granularity: "day" }],
  ])("%s", (text, expected) => {
    expect(readQuestion(text, { catalogue, nowMs, before })).toMatchObject({ kind: "query", query: expected });
  });

  test("a question with a metric of its own starts afresh", () => {
    const reading = readQuestion("revenue", { catalogue, nowMs, before });
    expect(reading).toMatchObject({ query: { metric: "revenue", range: last30 } });
    expect(reading.kind === "query" && reading.query.filters).toBeUndefined();
  });
});
