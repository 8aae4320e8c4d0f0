import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDuckdbStore } from "../../stats-app/src/store/duckdb.ts";
import { sql } from "../../stats-app/src/store/sql.ts";

const LOADER = new URL("../../stats-app/src/load.ts", import.meta.url).pathname;

let folder: string;
let database: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "load-"));
  database = join(folder, "stats.duckdb");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the command as a person would. */
async function load(...args: string[]) {
  const child = spawn(process.execPath, [LOADER, ...args], {
    env: { PATH: process.env.PATH, STATS_DATABASE_URL: `file:${database}`, STATS_THREADS: "1" },
  });
  const [out, err] = [child.stdout.toArray(), child.stderr.toArray()];
  const [code] = (await once(child, "close")) as [number];
  return { code, out: (await out).join(""), err: (await err).join("") };
}

function write(name: string, content: string | Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

async function stored(): Promise<unknown[]> {
  const store = await openDuckdbStore({ file: database, dimensions: ["country"], memoryLimit: "200MB", threads: 1 });
  const rows = await store.read(
    sql`SELECT strftime(make_timestamp(time_us), '%Y-%m-%dT%H:%M:%S') AS at, event, user_id, value, d_country FROM events ORDER BY time_us`,
  );
  await store.close();
  return rows.map((row) => Object.values(row).join("|"));
}

const COLUMNS = [
  "--event",
  "signup",
  "--time",
  "when",
  "--user",
  "who",
  "--value",
  "amount",
  "--dimensions",
  "country",
];
const CSV = `when,who,amount,country,note
2026-01-01T10:00:00Z,ada,1.5,DE,"two
lines, and a comma"

2026-01-02 10:00:00,bob,,US,"he said ""hi"""
2026-01-03,cy,abc,FR,bad amount
2026-01-04,dee,1,FR,too,many
2026-01-05
someday,eve,2,FR,bad time
2026-01-06T12:00:00+02:00,fay,3,,no country
`;

describe("a CSV file", () => {
  test("is loaded but for its bad rows, which are told by their line in the file", async () => {
    const rejects = join(folder, "rejects.ndjson");
    const { code, out } = await load(write("a.csv", CSV), ...COLUMNS, "--rejects", rejects);
    expect(code).toBe(0);
    expect(out).toContain('3 events "signup" stored');
    const lines = [
      'line 6: amount: "abc" is not a number',
      "line 7: has 6 cells where the header has 5",
      "line 8: has 1 cells where the header has 5",
      'line 9: when: "someday" is not an ISO 8601 date or time',
    ];
    expect(out).toContain(`4 bad rows:\n  ${lines.join("\n  ")}\n`);
    expect(readFileSync(rejects, "utf8").trim().split("\n")).toHaveLength(4);
    expect(await stored()).toEqual([
      "2026-01-01T10:00:00|signup|ada|1.5|DE",
      "2026-01-02T10:00:00|signup|bob||US",
      "2026-01-06T10:00:00|signup|fay|3|",
    ]);
  });

  test("changes nothing the second time", async () => {
    const file = write("a.csv", CSV);
    await load(file, ...COLUMNS);
    const { out } = await load(file, ...COLUMNS);
    expect(out).toContain('0 events "signup" stored');
    expect(out).toContain("3 rows were there already");
    expect(await stored()).toHaveLength(3);
  });

  test("with --strict keeps nothing when a row is bad", async () => {
    const { code, out, err } = await load(write("a.csv", CSV), ...COLUMNS, "--strict");
    expect(code).toBe(1);
    expect(err).toContain("nothing of it was kept. (ERR_LOAD_REJECTED)");
    expect(out).toContain("4 bad rows:");
    expect(await stored()).toEqual([]);
  });

  test("with --strict keeps nothing either when the bad row is far down", async () => {
    const rows = Array.from({ length: 120_000 }, (_, index) => `2026-01-01T00:00:00Z,u${index},1,DE`);
    const file = write("long.csv", ["when,who,amount,country", ...rows, "never,x,1,DE"].join("\n"));
    const { code, out } = await load(file, ...COLUMNS, "--strict");
    expect(code).toBe(1);
    expect(out).toContain("line 120002: when:");
    expect(await stored()).toEqual([]);
  });

  test("counts wall-clock times in the zone that is named", async () => {
    const file = write("b.csv", "when\n2025-07-01 12:00\n2025-12-01 12:00\n");
    await load(file, "--event", "signup", "--time", "when", "--time-zone", "America/New_York");
    expect(await stored()).toEqual(["2025-07-01T16:00:00|signup|||", "2025-12-01T17:00:00|signup|||"]);
  });

  test("says which lines a broken quote hides", async () => {
    const { out } = await load(
      write("c.csv", 'when\n2026-01-01\n"2026"x\n2026-01-02\n'),
      "--event",
      "e",
      "--time",
      "when",
    );
    expect(out).toMatch(/line 3: has a quote that opens or closes in the middle of a cell/);
  });

  test("separated by semicolons, with a byte order mark and packed, is read too", async () => {
    const file = write("d.csv.gz", gzipSync("\uFEFFwhen;who\r\n2026-01-01;ada\r\n"));
    await load(file, "--event", "signup", "--time", "when", "--user", "who");
    expect(await stored()).toEqual(["2026-01-01T00:00:00|signup|ada||"]);
  });
});

describe("an NDJSON file", () => {
  test("is loaded but for lines that are not objects", async () => {
    const lines = [
      '{"when":"2026-01-01T00:00:00Z","amount":2}',
      "[1]",
      "{",
      '{"when":5}',
      '{"when":"2026-01-02","country":"DE"}',
    ];
    const { out } = await load(
      write("a.ndjson", lines.join("\n")),
      "--event",
      "signup",
      "--time",
      "when",
      "--value",
      "amount",
      "--dimensions",
      "country",
    );
    expect(out).toContain('2 events "signup" stored');
    for (const line of [2, 3, 4]) expect(out).toContain(`line ${line}: `);
    expect(await stored()).toEqual(["2026-01-01T00:00:00|signup||2|", "2026-01-02T00:00:00|signup|||DE"]);
  });
});

describe("a Parquet file", () => {
  test("is loaded with its own types", async () => {
    const file = join(folder, "a.parquet");
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    await connection.run(
      `COPY (SELECT TIMESTAMPTZ '2026-01-01 12:00:00+02' AS w, 2.5::DECIMAL(8,2) AS v, 'DE' AS country
             UNION ALL SELECT NULL, 1, 'US') TO '${file}'`,
    );
    const { out } = await load(file, "--event", "signup", "--time", "w", "--value", "v", "--dimensions", "country");
    expect(out).toContain("row 2: w: is empty");
    expect(await stored()).toEqual(["2026-01-01T10:00:00|signup||2.5|DE"]);
  });

  test("that is none is said to be none", async () => {
    const { code, err } = await load(write("a.parquet", "not parquet"), "--event", "e", "--time", "t");
    expect(code).toBe(1);
    expect(err).toContain("cannot be read as Parquet. (ERR_LOAD_FILE)");
  });
});

describe("a wrong command", () => {
  test("names columns that do not exist, with the file's own", async () => {
    const { code, err } = await load(write("a.csv", CSV), "--event", "signup", "--time", "wen");
    expect(code).toBe(1);
    expect(err).toContain("has no column wen. Its columns are: when, who, amount, country, note.");
  });

  test.each([
    ["a file that is not there", ["nowhere.csv", "--event", "e", "--time", "t"], /There is no file nowhere\.csv/],
    ["an ending that means nothing", [LOADER, "--event", "e", "--time", "t"], /must end in \.csv/],
    ["no event", [LOADER, "--time", "t"], /--event <name>/],
  ])("%s", async (_case, args, expected) => {
    const { code, err } = await load(...args);
    expect(code).toBe(1);
    expect(err).toMatch(expected);
  });

  test("a database that is open elsewhere is said with what to do", async () => {
    const store = await openDuckdbStore({ file: database, dimensions: [], memoryLimit: "200MB" });
    const { code, err } = await load(write("a.csv", CSV), ...COLUMNS);
    await store.close();
    expect(code).toBe(1);
    expect(err).toMatch(/has the database .* open\. Stop it .* \(ERR_STORE_LOCKED\)/);
  });
});
