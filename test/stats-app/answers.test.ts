import type { EventInput } from "@gatehouse/stats-app";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestStats, type TestStats } from "./support/stats.ts";

let stats: TestStats;
let serial = 0;

/** An event with an id of its own. */
function event(name: string, time: string, more: Partial<EventInput> = {}): EventInput {
  serial += 1;
  return { id: `t-${serial}`, event: name, time, ...more };
}

const dims = (country: string, plan = "free") => ({ country, plan });

beforeAll(async () => {
  stats = await startTestStats();
  await stats.app.importEvents([
    [
      // Two weeks of signups: 4 in the earlier, 6 in the later, and one this Monday before noon and one after it.
      ...["09", "10", "11", "15"].map((day) => event("signup", `2026-11-${day}T08:00:00Z`, { dimensions: dims("US") })),
      ...["16", "17", "18"].map((day) => event("signup", `2026-11-${day}T08:00:00Z`, { dimensions: dims("DE") })),
      ...["16", "18"].map((day) => event("signup", `2026-11-${day}T09:00:00Z`, { dimensions: dims("US") })),
      event("signup", "2026-11-22T23:59:59.999999Z"),
      event("signup", "2026-11-23T11:00:00Z", { dimensions: dims("US") }),
      event("signup", "2026-11-23T18:00:00Z", { dimensions: dims("US") }),
      // One user on three days, one on one.
      ...["16", "17", "20"].map((day) =>
        event("session", `2026-11-${day}T12:00:00Z`, { user: "ada", dimensions: dims("DE") }),
      ),
      event("session", "2026-11-17T12:00:00Z", { user: "bob", dimensions: dims("US") }),
      event("session", "2026-11-17T13:00:00Z"),
      // Orders: a ratio of totals that differs from the mean of its days' ratios.
      event("order", "2026-11-16T12:00:00Z", { user: "ada", value: 0.1, dimensions: dims("DE", "pro") }),
      event("order", "2026-11-16T13:00:00Z", { user: "ada", value: 0.2, dimensions: dims("DE", "pro") }),
      event("error", "2026-11-17T12:00:00Z", { dimensions: dims("US") }),
      event("page_load", "2026-11-16T12:00:00Z", { value: 100 }),
      event("page_load", "2026-11-16T12:00:01Z", { value: 500 }),
      event("page_load", "2026-11-16T12:00:02Z"),
      // The hour that New York repeats: 05:30Z and 06:30Z are both 01:30 there.
      ...["05:30", "06:30", "06:40"].map((time) => event("note_created", `2026-11-01T${time}:00Z`)),
      event("note_created", "2026-11-02T04:59:59Z"),
      event("note_created", "2026-11-02T05:00:00Z"),
    ],
  ]);
});
afterAll(() => stats.close());

const week = { from: "2026-11-16", to: "2026-11-23" };
const values = (points: readonly { value: number | null }[]) => points.map(({ value }) => value);

describe("totals and series", () => {
  test("a count has a zero for every empty day and no gap", async () => {
    const { total, series, partial, query } = await stats.ask({ metric: "signups", range: week });
    expect(total).toBe(6);
    expect(values(series)).toEqual([2, 1, 2, 0, 0, 0, 1]);
    expect(partial).toBeNull();
    expect(query).toEqual({
      metric: "signups",
      range: { ...week, timeZone: "UTC" },
      granularity: "day",
      breakdown: null,
      filters: [],
      compare: "none",
      limit: 10,
    });
  });

  test("unique users are counted over the range, not summed from its days", async () => {
    const { total, series } = await stats.ask({ metric: "active_users", range: week });
    expect(values(series)).toEqual([1, 2, 0, 0, 1, 0, 0]);
    expect(total).toBe(2);
  });

  test("a sum is tidy and an average passes over events without a value", async () => {
    expect((await stats.ask({ metric: "revenue", range: week })).total).toBe(0.3);
    const load = await stats.ask({ metric: "average_load_time", range: week });
    expect(load.total).toBe(300);
    expect(values(load.series)).toEqual([300, null, null, null, null, null, null]);
  });

  test("a ratio is one total by the other, and nothing where there is nothing to divide by", async () => {
    const { total, series } = await stats.ask({ metric: "error_rate", range: week });
    expect(total).toBe(1 / 5);
    expect(values(series)).toEqual([0, 1 / 3, null, null, 0, null, null]);
    expect((await stats.ask({ metric: "order_conversion", range: week })).total).toBe(1 / 2);
  });

  test("a range without events has no total, rather than 0", async () => {
    const { total, series } = await stats.ask({
      metric: "signups",
      range: { from: "2020-01-01", to: "2020-01-03" },
      granularity: "day",
    });
    expect(total).toBeNull();
    expect(values(series)).toEqual([0, 0]);
  });

  test("without granularity there are no points", async () => {
    const { total, series } = await stats.ask({ metric: "signups", range: week, granularity: "none" });
    expect([total, series]).toEqual([6, []]);
  });

  test("the first and the newest event of the metric are named", async () => {
    const { freshness } = await stats.ask({ metric: "active_users", range: week });
    expect(freshness.earliestEventAt).toBe("2026-11-16T12:00:00+00:00");
    expect(freshness.latestEventAt).toBe("2026-11-20T12:00:00+00:00");
  });
});

describe("active users over a window", () => {
  test("a point counts the days that end with its own, and the total is the last day's", async () => {
    const { total, series } = await stats.ask({
      metric: "weekly_active_users",
      range: { from: "2026-11-16", to: "2026-11-28" },
    });
    // Ada until 7 days after the 20th, Bob until 7 days after the 17th; today is the 23rd.
    expect(values(series)).toEqual([1, 2, 2, 2, 2, 2, 2, 2, null, null, null, null]);
    expect(total).toBe(2);
    stats.now += 86_400_000;
    const next = await stats.ask({ metric: "weekly_active_users", range: { from: "2026-11-16", to: "2026-11-28" } });
    stats.now -= 86_400_000;
    expect(values(next.series).slice(7, 9)).toEqual([2, 1]);
    expect(next.total).toBe(1);
  });

  test("the window reaches back before the range", async () => {
    const { series } = await stats.ask({
      metric: "weekly_active_users",
      range: { from: "2026-11-21", to: "2026-11-23" },
    });
    expect(values(series)).toEqual([2, 2]);
  });

  test("by week a point is the value of the week's last day, and groups have their own windows", async () => {
    const { series, breakdown } = await stats.ask({
      metric: "daily_active_users",
      range: { from: "2026-11-16", to: "2026-11-21" },
      granularity: "day",
      breakdown: "country",
    });
    expect(values(series)).toEqual([1, 2, 0, 0, 1]);
    expect(breakdown?.groups.map(({ value, total }) => [value, total])).toEqual([["DE", 1]]);
  });

  test("hours are refused, for windows are whole days", async () => {
    const query = { metric: "daily_active_users", range: week, granularity: "hour" };
    await expect(stats.ask(query)).rejects.toThrow(/whole days/);
  });
});

describe("breakdowns and filters", () => {
  test("groups come largest first with shares, and events without the dimension are a group", async () => {
    const { breakdown } = await stats.ask({ metric: "signups", range: week, breakdown: "country" });
    expect(breakdown?.groups.map(({ title, total, share }) => [title, total, share])).toEqual([
      ["Germany", 3, 1 / 2],
      ["United States", 2, 1 / 3],
      ["Not set", 1, 1 / 6],
    ]);
    expect(values(breakdown?.groups[0]?.series ?? [])).toEqual([1, 1, 1, 0, 0, 0, 0]);
    expect(breakdown?.others).toBeNull();
  });

  test("what the limit leaves out is counted", async () => {
    const { breakdown } = await stats.ask({ metric: "signups", range: week, breakdown: "country", limit: 1 });
    expect(breakdown?.others).toEqual({ groups: 2, total: 3 });
    const users = await stats.ask({ metric: "active_users", range: week, breakdown: "country", limit: 1 });
    expect(users.breakdown?.others).toEqual({ groups: 2, total: null });
    expect(users.breakdown?.groups[0]?.share).toBeNull();
  });

  test("a filter takes a title or an alias and says which value it understood", async () => {
    const filters = [{ dimension: "country", operator: "is", values: ["german", "USA"] }];
    const { total, query } = await stats.ask({ metric: "signups", range: week, filters });
    expect(total).toBe(5);
    expect(query.filters[0]?.values).toEqual(["DE", "US"]);
  });

  test("is not keeps events without the dimension", async () => {
    const filters = [{ dimension: "country", operator: "is_not", values: ["DE"] }];
    expect((await stats.ask({ metric: "signups", range: week, filters })).total).toBe(3);
  });
});

describe("comparisons", () => {
  test("a week is compared with the week before, and each group with itself", async () => {
    const query = { metric: "signups", range: week, compare: "previous_period", breakdown: "country" };
    const { comparison, breakdown } = await stats.ask(query);
    expect(comparison).toMatchObject({
      kind: "previous_period",
      range: { from: "2026-11-09T00:00:00+00:00", to: "2026-11-16T00:00:00+00:00" },
      total: 4,
      change: { absolute: 2, ratio: 0.5 },
      isSamePart: false,
      isBeforeData: false,
    });
    expect(values(comparison?.series ?? [])).toEqual([1, 1, 1, 0, 0, 0, 1]);
    expect(breakdown?.groups.map(({ comparison: before }) => before?.total)).toEqual([null, 4, null]);
  });

  test("a week that is not over is compared with the same part of the one before, and says so", async () => {
    const { total, partial, series, comparison } = await stats.ask({
      metric: "signups",
      range: { from: "2026-11-23", to: "2026-11-30" },
      compare: "previous_period",
    });
    expect(partial).toEqual({ until: "2026-11-23T12:00:00+00:00" });
    expect(total).toBe(1);
    expect(values(series)).toEqual([1, null, null, null, null, null, null]);
    expect(series[0]?.isPartial).toBe(true);
    expect(comparison).toMatchObject({ range: { to: "2026-11-16T12:00:00+00:00" }, total: 2, isSamePart: true });
  });

  test.each([
    ["a quiet first night, a tenth of the earlier period or less, is no gap", "2026-11-16", "2026-11-23", false],
    [
      "an earlier period of which more than a tenth lies before the first event is said to",
      "2026-11-10",
      "2026-11-12",
      true,
    ],
  ])("%s", async (_case, from, to, isBeforeData) => {
    const query = { metric: "signups", range: { from, to }, compare: "previous_period" };
    expect((await stats.ask(query)).comparison).toMatchObject({ isBeforeData });
  });

  test("a change from nothing has no ratio", async () => {
    const { comparison } = await stats.ask({ metric: "revenue", range: week, compare: "previous_year" });
    expect(comparison).toMatchObject({ total: null, change: { absolute: null, ratio: null } });
  });
});

describe("clock changes in New York", () => {
  const timeZone = "America/New_York";

  test("the hour that is repeated is two points", async () => {
    const range = { from: "2026-11-01", to: "2026-11-01T03:00", timeZone };
    const { series } = await stats.ask({ metric: "notes_created", range, granularity: "hour" });
    expect(series.map(({ start, value }) => [start, value])).toEqual([
      ["2026-11-01T00:00:00-04:00", 0],
      ["2026-11-01T01:00:00-04:00", 1],
      ["2026-11-01T01:00:00-05:00", 2],
      ["2026-11-01T02:00:00-05:00", 0],
    ]);
  });

  test("the day of 25 hours has its last hour, and the next day begins after it", async () => {
    const range = { from: "2026-11-01", to: "2026-11-03", timeZone };
    const { series, total } = await stats.ask({ metric: "notes_created", range, granularity: "day" });
    expect([values(series), total]).toEqual([[4, 1], 5]);
    const month = await stats.ask({
      metric: "notes_created",
      range: { ...range, to: "2026-12-01" },
      granularity: "month",
    });
    expect(values(month.series)).toEqual([5]);
    const weeks = await stats.ask({
      metric: "notes_created",
      range: { ...range, to: "2026-11-09" },
      granularity: "week",
    });
    expect(values(weeks.series)).toEqual([4, 1]);
    expect(weeks.series[0]?.isPartial).toBe(true);
  });
});

describe("the catalogue as others see it", () => {
  test("names metrics and dimensions with declared values first", async () => {
    const response = await fetch(`${stats.origin}/api/v1/metrics`, { headers: await stats.access.asPerson() });
    const catalogue = (await response.json()) as { metrics: { name: string }[]; dimensions: { values: object[] }[] };
    expect(catalogue).toMatchObject({ product: "Acme Notes", timeZone: "UTC", now: "2026-11-23T12:00:00+00:00" });
    expect(catalogue.metrics[0]).toMatchObject({ name: "signups", measure: "count", isAdditive: true });
    expect(catalogue.dimensions[0]?.values[1]).toMatchObject({ value: "DE", title: "Germany" });
  });
});
