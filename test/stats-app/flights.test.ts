import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadFile } from "../../stats-app/src/load/load-file.ts";
import { parseLoadOptions } from "../../stats-app/src/load/load-options.ts";
import { createRejects } from "../../stats-app/src/load/rejects.ts";
import { FLIGHTS_CATALOGUE, FLIGHTS_FILE, NOON, startTestStats, type TestStats } from "./support/stats.ts";

/** Every eighth flight: the whole half-year, in a few seconds. */
const SAMPLE = 8;

let stats: TestStats;
let folder: string;
let file: string;
let query: (sql: string) => Promise<unknown[][]>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "flights-"));
  file = join(folder, "flights.parquet");
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  query = async (sql) => (await connection.runAndReadAll(sql.replaceAll("flights", `'${file}'`))).getRowsJson();
  await connection.run(
    `COPY (SELECT * FROM '${FLIGHTS_FILE}' WHERE hash(date, origin, destination, delay) % ${SAMPLE} = 0) TO '${file}'`,
  );
  stats = await startTestStats({ STATS_CATALOGUE: FLIGHTS_CATALOGUE });
  await load();
});
afterAll(async () => {
  await stats.close();
  rmSync(folder, { recursive: true });
});

function load() {
  const command = [
    file,
    "--event",
    "flight",
    "--time",
    "date",
    "--value",
    "delay",
    "--dimensions",
    "origin,destination",
  ];
  const rejects = createRejects(undefined);
  const deps = { store: stats.app.store, rejects, nowUs: NOON * 1000, onProgress: () => undefined };
  return loadFile(parseLoadOptions(command), deps);
}

const numbers = (rows: unknown[][]) => rows.map((row) => row.map((cell) => (cell === null ? null : Number(cell))));

describe("real flights give what SQL over the file gives", () => {
  test("every flight is there once, however often it is loaded", async () => {
    const [[rows]] = numbers(await query("SELECT count(*) FROM flights")) as [[number]];
    const range = { from: "2001-01-01", to: "2001-07-02" };
    expect((await stats.ask({ metric: "flights", range })).total).toBe(rows);
    expect(await load()).toEqual({ accepted: 0, duplicates: rows });
    expect((await stats.ask({ metric: "flights", range })).total).toBe(rows);
  });

  test("flights in February by origin, top 5", async () => {
    const { breakdown, total } = await stats.ask({
      metric: "flights",
      range: { from: "2001-02-01", to: "2001-03-01" },
      breakdown: "origin",
      limit: 5,
    });
    const inFebruary = "FROM flights WHERE date >= '2001-02-01' AND date < '2001-03-01'";
    const top = await query(`SELECT origin, count(*) ${inFebruary} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 5`);
    expect(breakdown?.groups.map(({ value, total: flights }) => [value, String(flights)])).toEqual(top);
    const [[all, origins]] = numbers(await query(`SELECT count(*), count(DISTINCT origin) ${inFebruary}`)) as [
      number[],
    ];
    const listed = top.reduce((sum, [, flights]) => sum + Number(flights), 0);
    expect(total).toBe(all);
    expect(breakdown?.others).toEqual({ groups: (origins ?? 0) - 5, total: (all ?? 0) - listed });
  });

  test("average delay from 24 to 30 June", async () => {
    const range = { from: "2001-06-24", to: "2001-07-01" };
    const { total, series } = await stats.ask({ metric: "average_delay", range });
    const where = "FROM flights WHERE date >= '2001-06-24' AND date < '2001-07-01'";
    const [[mean]] = numbers(await query(`SELECT avg(delay) ${where}`)) as [[number]];
    expect(total).toBeCloseTo(mean, 10);
    const days = numbers(await query(`SELECT avg(delay) ${where} GROUP BY date::DATE ORDER BY date::DATE`));
    expect(series).toHaveLength(days.length);
    for (const [index, [day]] of days.entries()) expect(series[index]?.value).toBeCloseTo(day ?? 0, 10);
  });

  test("delayed flights are a share of totals, by destination too", async () => {
    const range = { from: "2001-03-01", to: "2001-04-01" };
    const { total, breakdown } = await stats.ask({
      metric: "delayed_flights",
      range,
      breakdown: "destination",
      limit: 3,
    });
    const share = "count(*) FILTER (delay > 15) / count(*)";
    const where = "FROM flights WHERE date >= '2001-03-01' AND date < '2001-04-01'";
    expect([[total]]).toEqual(numbers(await query(`SELECT ${share} ${where}`)));
    const top = await query(`SELECT destination, ${share} AS s ${where} GROUP BY 1 ORDER BY s DESC, 1 LIMIT 3`);
    expect(breakdown?.groups.map((group) => [group.value, group.total])).toEqual(top);
  });

  test("flights per day in New York across the clock change of April", async () => {
    const range = { from: "2001-03-25", to: "2001-04-08", timeZone: "America/New_York" };
    const { series, range: resolved } = await stats.ask({ metric: "flights", range, granularity: "day" });
    const local = "date AT TIME ZONE 'UTC' AT TIME ZONE 'America/New_York'";
    const days = await query(
      `SELECT count(*) FROM flights WHERE (${local})::DATE BETWEEN '2001-03-25' AND '2001-04-07'
       GROUP BY (${local})::DATE ORDER BY (${local})::DATE`,
    );
    expect(series.map(({ value }) => [value])).toEqual(numbers(days));
    expect(resolved).toMatchObject({ from: "2001-03-25T00:00:00-05:00", to: "2001-04-08T00:00:00-04:00" });
    expect(series[7]).toMatchObject({ start: "2001-04-01T00:00:00-05:00", end: "2001-04-02T00:00:00-04:00" });
  });

  test.each(["hour", "day", "week", "month"] as const)(
    "every bucket by %s in zones east and west",
    async (granularity) => {
      for (const timeZone of ["America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]) {
        const range = { from: "2001-03-20", to: granularity === "hour" ? "2001-04-05" : "2001-06-20", timeZone };
        const { series } = await stats.ask({ metric: "flights", range, granularity });
        const edges = series.map(({ start, end }) => `(TIMESTAMPTZ '${start}', TIMESTAMPTZ '${end}')`);
        const counts = await query(
          `SELECT count(f.date) FROM (VALUES ${edges.join(", ")}) AS b(lower, upper)
         LEFT JOIN flights AS f ON f.date AT TIME ZONE 'UTC' >= lower AND f.date AT TIME ZONE 'UTC' < upper
         GROUP BY lower ORDER BY lower`,
        );
        expect(series.map(({ value }) => [value])).toEqual(numbers(counts));
      }
    },
  );
});
