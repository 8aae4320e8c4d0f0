import { describe, expect, test } from "vitest";
import { answerMessages } from "../../../bot/src/messages/answer.ts";
import type { ChartBlock, Message } from "../../../bot/src/messages/blocks.ts";
import type { MetricInfo, Point, StatsAnswer } from "../../../bot/src/stats-api.ts";
import { catalogue } from "../support/catalogue.ts";
import { markupOf } from "../support/limits.ts";

const metric = catalogue.metrics.find(({ name }) => name === "signups") as MetricInfo;
const utc = (from: string, to: string) => ({
  from: `${from}T00:00:00+00:00`,
  to: `${to}T00:00:00+00:00`,
  timeZone: "UTC",
});

function days(count: number, valueAt: (day: number) => number | null = (day) => day + 1): Point[] {
  const first = Temporal.Instant.from("2026-11-01T00:00:00Z");
  return Array.from({ length: count }, (_, day) => ({
    start: first.add({ hours: 24 * day }).toString(),
    end: first.add({ hours: 24 * (day + 1) }).toString(),
    value: valueAt(day),
    isPartial: false,
  }));
}

/** Signups of 16 to 22 November, compared with the week before. */
const good: StatsAnswer = {
  query: {
    metric: "signups",
    range: { from: "2026-11-16", to: "2026-11-23", timeZone: "UTC" },
    granularity: "day",
    breakdown: null,
    filters: [],
    compare: "previous_period",
    limit: 10,
  },
  metric,
  range: utc("2026-11-16", "2026-11-23"),
  total: 1_234,
  series: days(7),
  breakdown: null,
  comparison: {
    kind: "previous_period",
    range: utc("2026-11-09", "2026-11-16"),
    total: 1_099,
    change: { absolute: 135, ratio: 135 / 1_099 },
    series: days(7, (day) => day),
    isSamePart: false,
    isBeforeData: false,
  },
  partial: null,
  freshness: { earliestEventAt: "2025-01-01T00:00:00Z", latestEventAt: "2026-11-23T17:59:00Z" },
  elapsedMs: 12,
};

const full = (answer: StatsAnswer): Message =>
  answerMessages(answer, { catalogue, question: "signups last 7 days" }).full;
const headline = ({ blocks }: Message): string => JSON.stringify(blocks[0]);
const said = (answer: StatsAnswer): string => markupOf(full(answer)).join("\n");
const chart = ({ blocks }: Message): ChartBlock | undefined =>
  blocks.find((block): block is ChartBlock => block.type === "data_visualization");
const withMetric = (changes: Partial<MetricInfo>): StatsAnswer => ({ ...good, metric: { ...metric, ...changes } });

describe("the headline", () => {
  test.each<[string, number | null, Partial<MetricInfo>, string]>([
    ["whole numbers", 1_234_567, {}, "Signups: 1,234,567"],
    ["per cent", 0.1234, { format: "percent", unit: "" }, "Signups: 12.3 %"],
    ["money", 4_567.4, { format: "currency", unit: "USD" }, "Signups: $4,567"],
    ["small money", 4.5, { format: "currency", unit: "EUR" }, "Signups: €4.50"],
    ["money of an unknown kind", 4.5, { format: "currency", unit: "beans" }, "Signups: 4.5 beans"],
    ["minutes", 3.4, { format: "decimal", unit: "minutes" }, "Signups: 3.4 min"],
    ["nothing to count", null, {}, "Signups: no events"],
  ])("%s", (_case, total, changes, text) => {
    expect(headline(full({ ...withMetric(changes), total }))).toContain(`"${text}"`);
  });

  test("nothing to count is said, and draws nothing", () => {
    const message = full({ ...good, total: null, series: [], comparison: null });
    expect(said({ ...good, total: null, series: [], comparison: null })).toContain(
      "There are no events to count in this period.",
    );
    expect(message.blocks.map((block) => block.type)).not.toContain("data_table");
    expect(message.text).toContain("no events");
  });
});

describe("the change", () => {
  test("says how much, and whether that is good", () => {
    expect(said(good)).toContain("▲ *12.3 %* (+135), better than 9 – 15 Nov 2026 (1,099)");
    expect(said(withMetric({ isLowerBetter: true }))).toContain("(+135), worse than");
  });

  test.each<[string, Partial<NonNullable<StatsAnswer["comparison"]>>, string]>([
    ["a fall", { change: { absolute: -20, ratio: -0.02 } }, "▼ *2 %* (−20), worse than"],
    ["next to nothing", { change: { absolute: 1, ratio: 0.0002 } }, "▲ *under 0.1 %* (+1), better than"],
    ["no change", { change: { absolute: 0, ratio: 0 } }, "No change from 9 – 15 Nov 2026"],
    [
      "from nothing at all",
      { total: null, change: { absolute: null, ratio: null } },
      "There were no events in 9 – 15 Nov 2026.",
    ],
    [
      "from zero",
      { total: 0, change: { absolute: 1_234, ratio: null } },
      "▲ *1,234* (+1,234), better than 9 – 15 Nov 2026 (0)",
    ],
  ])("%s", (_case, changes, text) => {
    expect(said({ ...good, comparison: good.comparison && { ...good.comparison, ...changes } })).toContain(text);
  });

  test("from a period before the first event is called what it is", () => {
    const young: StatsAnswer = {
      ...good,
      comparison: good.comparison && { ...good.comparison, isBeforeData: true },
      freshness: { ...good.freshness, earliestEventAt: "2026-11-12T00:00:00Z" },
    };
    expect(said(young)).toContain("No comparison with 9 – 15 Nov 2026: there is no data before 12 Nov 2026, 00:00.");
    expect(full(young).text).not.toContain("12.3 %");
    expect(full(good).text).toContain("12.3 %");
  });

  test("of a rate is in points, not per cent of per cent", () => {
    const rate = {
      ...withMetric({ format: "percent", unit: "" }),
      comparison: good.comparison && { ...good.comparison, total: 0.2, change: { absolute: 0.012, ratio: 0.06 } },
    };
    expect(said(rate)).toContain("▲ *1.2 points*, better than");
  });
});

describe("the reading", () => {
  test.each<[string, StatsAnswer["range"], string]>([
    ["days of a month", utc("2026-11-16", "2026-11-23"), "16 – 22 Nov 2026"],
    ["one day", utc("2026-11-16", "2026-11-17"), "16 Nov 2026"],
    ["days of two months", utc("2026-10-24", "2026-11-23"), "24 Oct – 22 Nov 2026"],
    ["days of two years", utc("2025-12-30", "2026-01-03"), "30 Dec 2025 – 2 Jan 2026"],
    ["a month", utc("2026-10-01", "2026-11-01"), "Oct 2026"],
    ["months", utc("2026-07-01", "2026-10-01"), "Jul – Sep 2026"],
    ["a year", utc("2025-01-01", "2026-01-01"), "2025"],
    [
      "part of a day",
      { from: "2026-11-22T13:00:00Z", to: "2026-11-22T15:00:00Z", timeZone: "UTC" },
      "22 Nov 2026, 13:00 – 15:00",
    ],
    [
      "up to now",
      { from: "2026-11-01T00:00:00Z", to: "2026-11-23T19:45:00Z", timeZone: "UTC" },
      "1 – 23 Nov 2026, up to 19:45",
    ],
    [
      "days elsewhere",
      { from: "2026-11-16T00:00:00-05:00", to: "2026-11-17T00:00:00-05:00", timeZone: "America/New_York" },
      "16 Nov 2026",
    ],
  ])("%s", (_case, range, text) => {
    expect(said({ ...good, range })).toContain(`*Signups* · ${text} ·`);
  });

  test("names step, breakdown, filters and what was left out", () => {
    const query = {
      ...good.query,
      filters: [{ dimension: "country", operator: "is_not" as const, values: ["DE", "FR"] }],
    };
    expect(said({ ...good, query })).toContain(
      "per day · Country is not Germany nor France · compared with 9 – 15 Nov 2026",
    );
    const { full: message } = answerMessages(good, { catalogue, question: "signups", unread: ["splendidly"] });
    expect(markupOf(message).join()).toContain("I did not understand “splendidly” and left it out.");
  });

  test("says what is unfinished, how fresh it is and whose days these are", () => {
    const partial = { ...good, partial: { until: "2026-11-19T18:00:00Z" } };
    expect(said(partial)).toContain("This period is not over: counted up to 19 Nov 2026, 18:00.");
    expect(said(good)).toContain("Newest event 23 Nov 2026, 17:59 · days in UTC");
  });
});

describe("the chart", () => {
  test("is a line with the period before beside it", () => {
    const drawn = chart(full(good))?.chart;
    expect(drawn?.type).toBe("line");
    expect(drawn?.series.map((series) => series.name)).toEqual(["Signups", "Period before"]);
    expect(drawn?.axis_config.categories[0]).toBe("1 Nov");
  });

  test("of 30 days adds them up in twos, keeps the sum and says so", () => {
    const month = { ...good, series: days(30), comparison: null };
    const drawn = chart(full(month));
    expect(drawn?.title).toBe("Signups per 2 days");
    expect(drawn?.chart.series[0]?.data).toHaveLength(15);
    expect(drawn?.chart.series[0]?.data.reduce((sum, { value }) => sum + value, 0)).toBe((30 * 31) / 2);
    expect(said(month)).toContain("Each point of the chart is the sum of 2 days.");
  });

  test("of 23 days ends with a whole point; the odd day comes first and is said", () => {
    const part = { ...good, series: days(23), comparison: null };
    const data = chart(full(part))?.chart.series[0]?.data ?? [];
    expect([data[0]?.value, data[1]?.value, data.at(-1)?.value]).toEqual([1, 2 + 3, 22 + 23]);
    expect(said(part)).toContain("Each point of the chart is the sum of 2 days, the first of 1.");
  });

  test("of 30 days of something that does not add up shows true values, every other day", () => {
    const month = { ...withMetric({ isAdditive: false }), series: days(30), comparison: null };
    expect(
      chart(full(month))
        ?.chart.series[0]?.data.map(({ value }) => value)
        .slice(0, 3),
    ).toEqual([2, 4, 6]);
    expect(said(month)).toContain("The chart shows every other day.");
  });

  test("leaves out days that have not begun, and days without events of an average", () => {
    const partial = { ...good, comparison: null, partial: { until: "2026-11-03T18:00:00Z" } };
    expect(chart(full(partial))?.chart.axis_config.categories).toEqual(["1 Nov", "2 Nov", "3 Nov"]);
    const gaps = { ...good, comparison: null, series: days(4, (day) => (day === 1 ? null : day)) };
    expect(chart(full(gaps))?.chart.axis_config.categories).toEqual(["1 Nov", "3 Nov", "4 Nov"]);
  });

  test("keeps the two hours apart that a clock shows twice", () => {
    const hour = (start: string, end: string): Point => ({ start, end, value: 1, isPartial: false });
    const night = {
      ...good,
      query: { ...good.query, granularity: "hour" as const },
      range: { from: "2026-11-01T01:00:00-04:00", to: "2026-11-01T02:00:00-05:00", timeZone: "America/New_York" },
      series: [
        hour("2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z"),
        hour("2026-11-01T06:00:00Z", "2026-11-01T07:00:00Z"),
      ],
      comparison: null,
    };
    expect(chart(full(night))?.chart.axis_config.categories).toEqual(["01:00", "01:00 (2)"]);
  });
});

describe("a breakdown", () => {
  const group = (title: string, total: number | null, before: number | null) => ({
    value: title,
    title,
    total,
    share: total === null ? null : total / 100,
    series: [],
    comparison: {
      total: before,
      change: { absolute: total === null || before === null ? null : total - before, ratio: 0.5 },
    },
  });
  const answer: StatsAnswer = {
    ...good,
    query: { ...good.query, granularity: "none", breakdown: "country" },
    series: [],
    breakdown: {
      dimension: "country",
      groups: [group("Germany", 60, 40), group("<!channel>", 30, 20), group("Nowhere", null, null)],
      others: { groups: 4, total: 10 },
    },
  };

  test("is drawn as bars, named by the dimension, without the groups that have no number", () => {
    const drawn = chart(full(answer));
    expect(drawn?.title).toBe("Signups by Country");
    expect(drawn?.chart).toMatchObject({ type: "bar", axis_config: { categories: ["Germany", "<!channel>"] } });
  });

  test("is listed in the table with shares, changes and the others", () => {
    const table = full(answer).blocks.find((block) => block.type === "data_table");
    const texts =
      table?.type === "data_table" ? table.rows.map((row) => row.map((cell) => ("text" in cell ? cell.text : ""))) : [];
    expect(texts).toEqual([
      ["Country", "Signups", "Share", "Before", "Change"],
      ["Germany", "60", "60 %", "40", "▲ 50 %"],
      ["<!channel>", "30", "30 %", "20", "▲ 50 %"],
      ["Nowhere", "–", "–", "–", "–"],
      ["4 others", "10", "–", "–", "–"],
    ]);
  });

  test("stands in the text too, for notifications and screen readers, harmlessly", () => {
    expect(full(answer).text).toContain(
      "• Germany: 60 (▲ 50 %)\n• &lt;!channel&gt;: 30 (▲ 50 %)\n• Nowhere: no events\n• and 4 more",
    );
  });
});
