import { beforeEach, describe, expect, test } from "vitest";
import { duckdbDialect } from "../../stats-app/src/store/dialect.ts";
import { openDuckdbStore } from "../../stats-app/src/store/duckdb.ts";
import { rememberReads } from "../../stats-app/src/store/remembered-reads.ts";
import { renderSql, type Sql, sql } from "../../stats-app/src/store/sql.ts";
import { stoppedRead } from "../../stats-app/src/store/stopped-read.ts";
import type { Row, Store, StoreReader } from "../../stats-app/src/store/store.ts";

interface Run extends PromiseWithResolvers<readonly Row[]> {
  readonly values: readonly unknown[];
  readonly signal: AbortSignal | undefined;
}

/** Stands for the engine: each run waits for the test to end it. */
let runs: Run[];
let store: { -readonly [Key in keyof Store]: Store[Key] };
let reader: StoreReader;

beforeEach(() => {
  runs = [];
  store = {
    dialect: duckdbDialect,
    revision: 0,
    read(query: Sql, signal?: AbortSignal) {
      const run = { ...Promise.withResolvers<readonly Row[]>(), values: renderSql(query).values, signal };
      runs.push(run);
      signal?.addEventListener("abort", () => run.reject(stoppedRead(signal)));
      return run.promise;
    },
    write: () => Promise.reject(new TypeError("nothing writes here")),
    writeAll: () => Promise.reject(new TypeError("nothing writes here")),
    close: async () => undefined,
  };
  reader = rememberReads(store);
});

const signups = (country: string) => sql`SELECT count(*) AS n FROM events WHERE d_country = ${country}`;
const settled = () => new Promise(setImmediate);

describe("the same question over the same data", () => {
  test("asked by several at once is one run of the engine, and none later", async () => {
    const answers = Promise.all([reader.read(signups("DE")), reader.read(signups("DE"))]);
    runs[0]?.resolve([{ n: 3 }]);
    expect(await answers).toEqual([[{ n: 3 }], [{ n: 3 }]]);
    expect(await reader.read(signups("DE"))).toEqual([{ n: 3 }]);
    expect(runs).toHaveLength(1);
  });

  test("with another value is another question", async () => {
    void reader.read(signups("DE"));
    void reader.read(signups("US"));
    expect(runs.map(({ values }) => values)).toEqual([["DE"], ["US"]]);
  });

  test("is run again after a failure", async () => {
    const failed = reader.read(signups("DE"));
    runs[0]?.reject(new Error("the disk"));
    await expect(failed).rejects.toThrow("the disk");
    void reader.read(signups("DE"));
    expect(runs).toHaveLength(2);
  });
});

describe("after a write", () => {
  test("what was read before is read again", async () => {
    const before = reader.read(signups("DE"));
    runs[0]?.resolve([{ n: 3 }]);
    await before;
    store.revision += 1;
    const after = reader.read(signups("DE"));
    runs[1]?.resolve([{ n: 4 }]);
    expect(await after).toEqual([{ n: 4 }]);
  });

  test("a run that it overtook is neither joined nor kept", async () => {
    const early = reader.read(signups("DE"));
    store.revision += 1;
    const late = reader.read(signups("DE"));
    runs[1]?.resolve([{ n: 4 }]);
    await late;
    runs[0]?.resolve([{ n: 3 }]);
    expect(await early).toEqual([{ n: 3 }]);
    expect(await reader.read(signups("DE"))).toEqual([{ n: 4 }]);
    expect(runs).toHaveLength(2);
  });

  test("nobody who asks once it is acknowledged gets an older number", async () => {
    const real = await openDuckdbStore({ file: ":memory:", dimensions: [], memoryLimit: "200MB", threads: 1 });
    const remembering = rememberReads(real);
    const count = sql`SELECT count(*) AS n FROM events`;
    for (let stored = 1; stored <= 20; stored += 1) {
      const meanwhile = [remembering.read(count), remembering.read(count)];
      await real.write([{ id: `e${stored}`, event: "signup", timeUs: 0, user: null, value: null, dimensions: null }]);
      expect(await remembering.read(count)).toEqual([{ n: stored }]);
      await Promise.all(meanwhile);
      expect(await remembering.read(count)).toEqual([{ n: stored }]);
    }
    await real.close();
  });
});

describe("an asker who leaves", () => {
  test("leaves alone: the others get their answer", async () => {
    const leaver = new AbortController();
    const left = reader.read(signups("DE"), leaver.signal);
    const stays = reader.read(signups("DE"), new AbortController().signal);
    leaver.abort();
    await expect(left).rejects.toMatchObject({ code: "ERR_QUERY_CANCELLED" });
    expect(runs[0]?.signal?.aborted).toBe(false);
    runs[0]?.resolve([{ n: 3 }]);
    expect(await stays).toEqual([{ n: 3 }]);
  });

  test("and is the last one stops the engine, and who asks then starts it anew", async () => {
    const leavers = [new AbortController(), new AbortController()];
    const left = leavers.map(({ signal }) => reader.read(signups("DE"), signal));
    for (const leaver of leavers) leaver.abort(new DOMException("too long", "TimeoutError"));
    const next = reader.read(signups("DE"));
    const codes = (await Promise.allSettled(left)).map((result) => result.status === "rejected" && result.reason.code);
    expect(codes).toEqual(["ERR_QUERY_TIMEOUT", "ERR_QUERY_TIMEOUT"]);
    expect(runs[0]?.signal?.aborted).toBe(true);
    await settled();
    runs[1]?.resolve([{ n: 3 }]);
    expect(await next).toEqual([{ n: 3 }]);
    expect(await reader.read(signups("DE"))).toEqual([{ n: 3 }]);
    expect(runs).toHaveLength(2);
  });

  test("before asking asks nothing", async () => {
    await expect(reader.read(signups("DE"), AbortSignal.abort())).rejects.toMatchObject({
      code: "ERR_QUERY_CANCELLED",
    });
    expect(runs).toHaveLength(0);
  });
});
