import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDuckdbStore } from "../../stats-app/src/store/duckdb.ts";
import { identifier, joinSql, renderSql, sql } from "../../stats-app/src/store/sql.ts";
import type { EventRow } from "../../stats-app/src/store/store.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "store-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (dimensions: readonly string[] = []) =>
  openDuckdbStore({ file: join(folder, "s.duckdb"), dimensions, memoryLimit: "200MB", threads: 1 });

const row = (id: string, changes: Partial<EventRow> = {}): EventRow => ({
  id,
  event: "signup",
  timeUs: 1_000_000,
  user: null,
  value: null,
  dimensions: null,
  ...changes,
});
const count = sql`SELECT count(*) AS n FROM events`;

describe("the engine", () => {
  test("reaches no file but its own, whatever the query says, and its owner alone reads that", async () => {
    const store = await open();
    const outside = [sql`SELECT content AS c FROM read_text('/etc/hosts')`, sql`ATTACH '/tmp/other.duckdb'`];
    for (const query of [...outside, sql`SET enable_external_access = true`]) {
      await expect(store.read(query)).rejects.toMatchObject({ code: "ERR_STORE_UNAVAILABLE" });
    }
    await store.close();
    expect(statSync(join(folder, "s.duckdb")).mode & 0o777).toBe(0o600);
  });
});

describe("what is acknowledged", () => {
  test("is there after kill -9, and nothing half", async () => {
    const writer = new URL("./support/writer.ts", import.meta.url).pathname;
    const child = spawn(process.execPath, [writer, join(folder, "s.duckdb")], { stdio: ["ignore", "pipe", "inherit"] });
    let acknowledged = -1;
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged = Number(line);
      if (acknowledged === 30) break;
    }
    child.kill("SIGKILL");
    await once(child, "exit");
    const store = await open();
    const rows = await store.read(sql`SELECT time_us AS t, count(*) AS n FROM events GROUP BY t ORDER BY t`);
    await store.close();
    expect(rows.length).toBeGreaterThan(acknowledged);
    expect(new Set(rows.map((batch) => batch["n"]))).toEqual(new Set([20]));
  });

  test("is the first of events with one id, in one batch and across batches at once", async () => {
    const store = await open();
    const [first, second, third] = await Promise.all([
      store.write([row("a", { value: 1 }), row("a", { value: 2 }), row("b")]),
      store.write([row("a", { value: 3 }), row("c")]),
      store.write([row("c")]),
    ]);
    expect([first, second, third]).toEqual([
      { accepted: 2, duplicates: 1 },
      { accepted: 1, duplicates: 1 },
      { accepted: 0, duplicates: 1 },
    ]);
    expect(await store.write([row("a"), row("d")])).toEqual({ accepted: 1, duplicates: 1 });
    expect(await store.read(sql`SELECT value AS v FROM events WHERE value IS NOT NULL`)).toEqual([{ v: 1 }]);
    await store.close();
  });

  test("survives closing, which waits for what was begun", async () => {
    const store = await open();
    const writes = Array.from({ length: 20 }, (_, index) => store.write([row(`w-${index}`)]));
    await Promise.all([...writes, store.close()]);
    const again = await open();
    expect(await again.read(count)).toEqual([{ n: 20 }]);
    await again.close();
  });
});

describe("dimensions", () => {
  test("that the catalogue gains later are filled from the events that had them all along", async () => {
    const before = await open(["country"]);
    await before.write([
      row("a", { dimensions: { country: "DE", plan: "pro" } }),
      row("b", { dimensions: { plan: "it's" } }),
    ]);
    await before.close();
    const after = await open(["plan", "country"]);
    await after.write([row("c", { dimensions: { plan: "free" } })]);
    const rows = await after.read(sql`SELECT d_country AS c, d_plan AS p FROM events ORDER BY p`);
    expect(rows).toEqual([
      { c: null, p: "free" },
      { c: null, p: "it's" },
      { c: "DE", p: "pro" },
    ]);
    await after.close();
  });

  test("that the catalogue loses are still stored in their column", async () => {
    await (await open(["country"])).close();
    const store = await open([]);
    await store.write([row("a", { dimensions: { country: "DE" } })]);
    expect(await store.read(sql`SELECT d_country AS c FROM events`)).toEqual([{ c: "DE" }]);
    await store.close();
  });
});

describe("many batches", () => {
  test("that end in an error leave the ones before it, and the store goes on", async () => {
    const store = await open();
    function* broken() {
      yield Array.from({ length: 60_000 }, (_, index) => row(`x-${index}`));
      throw new TypeError("the source broke");
    }
    await expect(store.writeAll(broken())).rejects.toThrow("the source broke");
    expect(await store.read(count)).toEqual([{ n: 60_000 }]);
    expect(await store.write([row("after")])).toEqual({ accepted: 1, duplicates: 0 });
    await store.close();
  });
});

const ENDLESS = sql`SELECT count(*) AS n FROM range(1000000000) AS a, range(1000000) AS b WHERE a.range % 7 = b.range % 11`;

describe("a query", () => {
  test("that is aborted stops, and the connection goes on", async () => {
    const store = await open();
    await expect(store.read(ENDLESS, AbortSignal.timeout(50))).rejects.toMatchObject({ code: "ERR_QUERY_TIMEOUT" });
    const gone = new AbortController();
    const cancelled = store.read(ENDLESS, gone.signal);
    setTimeout(() => gone.abort(), 20);
    await expect(cancelled).rejects.toMatchObject({ code: "ERR_QUERY_CANCELLED" });
    expect(await store.read(count)).toEqual([{ n: 0 }]);
    await store.close();
  });

  test("that is aborted before the engine has begun stops too", async () => {
    const store = await open();
    for (const ticks of [1, 2, 3, 5, 8, 13]) {
      const gone = new AbortController();
      const cancelled = store.read(ENDLESS, gone.signal);
      for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
      gone.abort();
      await expect(cancelled).rejects.toMatchObject({ code: "ERR_QUERY_CANCELLED" });
    }
    await store.close();
  });

  test("that is wrong is a coded error without the engine's words", async () => {
    const store = await open();
    await expect(store.read(sql`SELECT nothing`)).rejects.toMatchObject({
      code: "ERR_STORE_UNAVAILABLE",
      message: "The store did not answer the query.",
    });
    await store.close();
  });
});

describe("SQL pieces", () => {
  test("number their values in order however they are nested", () => {
    const list = joinSql([sql`${1}`, sql`${2}`], sql`, `);
    expect(renderSql(sql`a = ${"x"} AND ${identifier("b")} IN (${list}) AND c = ${null}`)).toEqual({
      text: 'a = $1 AND "b" IN ($2, $3) AND c = $4',
      values: ["x", 1, 2, null],
    });
  });

  test("take only plain names for columns", () => {
    expect(() => identifier('x" OR 1=1')).toThrow(TypeError);
  });
});
