import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Message } from "../support/chat-client.ts";
import { discard, type LocalStack, startLocalStack } from "./support/local-stack.ts";
import { queryParquet } from "./support/parquet.ts";
import { joinChat, type Person } from "./support/person.ts";

/** Three million real flights of 2001. The oracle is a query of the file itself, which shares no code with the product. */
const ROOT = join(import.meta.dirname, "../..");
const FLIGHTS = join(ROOT, "node_modules/vega-datasets/data/flights-3m.parquet");
const CATALOGUE = "stats-app/metrics.yaml,test/data/flights.metrics.yaml";
const LOAD_TIMEOUT_MS = 180_000;

let stack: LocalStack;
let ada: Person;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-flights-"));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      "stats-app/src/load.ts",
      FLIGHTS,
      "--event",
      "flight",
      "--time",
      "date",
      "--value",
      "delay",
      "--dimensions",
      "origin,destination",
    ],
    { cwd: ROOT, env: { STATS_DATABASE_URL: `file:${folder}/stats.duckdb`, STATS_CATALOGUE: CATALOGUE } },
  );
  expect(stdout).toContain("3,000,000 events");
  stack = await startLocalStack({ folder, env: { LOCAL_SAMPLE_DATA: "false", STATS_CATALOGUE: CATALOGUE } });
  ada = await joinChat(stack.chatUrl);
}, LOAD_TIMEOUT_MS);

afterAll(async () => {
  ada.close();
  await discard(stack);
});

interface Cell {
  readonly text: string;
  readonly value?: number;
}

/** The table of an answer: its first two columns, header and "others" left out. */
function tableOf(message: Message): [string, number][] {
  const block = message.blocks?.find(({ type }) => type === "data_table" || type === "table");
  const rows = (block?.["rows"] ?? []) as readonly (readonly Cell[])[];
  return rows
    .slice(1)
    .filter((row) => !/ others$/.test(row[0]?.text ?? ""))
    .map((row) => [row[0]?.text ?? "", row[1]?.value ?? Number.NaN]);
}

/** The table of a series has the newest day first. */
function valuesByDay(message: Message): number[] {
  return tableOf(message)
    .map(([, value]) => value)
    .toReversed();
}

function headlineOf(message: Message): string {
  const block = message.blocks?.find(({ type }) => type === "header");
  return (block?.["text"] as { text: string } | undefined)?.text ?? "";
}

test("flights in February 2001 by origin top 5", async () => {
  const answer = await ada.ask("@stats flights in February 2001 by origin top 5");
  const february = `from '${FLIGHTS}' where date >= '2001-02-01' and date < '2001-03-01'`;
  const top = await queryParquet(`select origin, count(*)::double ${february} group by 1 order by 2 desc, 1 limit 5`);
  const [[total]] = (await queryParquet(`select count(*)::double ${february}`)) as [[number]];
  expect(tableOf(answer)).toEqual(top);
  expect(headlineOf(answer)).toBe(`Flights: ${total.toLocaleString("en-US")}`);
});

test("average delay from 2001-06-24 to 2001-06-30, both days included", async () => {
  const answer = await ada.ask("@stats average delay from 2001-06-24 to 2001-06-30");
  const week = `from '${FLIGHTS}' where date >= '2001-06-24' and date < '2001-07-01'`;
  const [[average]] = (await queryParquet(`select avg(delay) ${week}`)) as [[number]];
  const days = await queryParquet(`select avg(delay) ${week} group by date::date order by date::date`);
  expect(headlineOf(answer)).toMatch(new RegExp(`^Average delay: ${average.toFixed(1)}\\d? min`));
  const shown = valuesByDay(answer);
  expect(shown).toHaveLength(7);
  for (const [day, value] of shown.entries()) expect(value).toBeCloseTo(Number(days[day]?.[0]), 9);
});

test("flights per day over a change of clocks, in the time zone asked for", async () => {
  const answer = await ada.ask("@stats flights per day from 2001-03-25 to 2001-04-07 in time zone America/New_York");
  const local = "(date at time zone 'UTC' at time zone 'America/New_York')::date";
  const days = await queryParquet(
    `select count(*)::double from '${FLIGHTS}' where ${local} between '2001-03-25' and '2001-04-07' group by ${local} order by ${local}`,
  );
  expect(days).toHaveLength(14);
  expect(valuesByDay(answer)).toEqual(days.map(([count]) => count));
});
