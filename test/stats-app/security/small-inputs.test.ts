import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readCatalogue } from "../../../stats-app/src/catalogue/read-catalogue.ts";
import { createDimensionValues } from "../../../stats-app/src/query/dimension-values.ts";
import type { Store } from "../../../stats-app/src/store/store.ts";
import { NOON, startTestStats, type TestStats } from "../support/stats.ts";

const CATALOGUE = new URL("../../../stats-app/metrics.yaml", import.meta.url).pathname;

let stats: TestStats;
beforeAll(async () => {
  stats = await startTestStats();
});
afterAll(() => stats.close());

describe("a small request does not make much work", () => {
  test.each([
    ["application/x-ndjson", "0\n".repeat(250_001)],
    ["application/json", `[${"0,".repeat(250_000)}0]`],
  ])("kilobytes of gzip with too many events (%s) are refused as a whole", async (type, text) => {
    const headers = { ...(await stats.access.asService()), "content-type": type, "content-encoding": "gzip" };
    const response = await stats.post("/api/v1/events", gzipSync(text), headers);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: "ERR_INGEST_BODY_TOO_LARGE" } });
  });

  test("the largest batch is still taken, with a line break at its end", async () => {
    const headers = { ...(await stats.access.asService()), "content-type": "application/x-ndjson" };
    const response = await stats.post("/api/v1/events", "\n".repeat(250_000), headers);
    expect(response.status).toBe(200);
  });

  test("a filter's values are looked up in one reading, and none once the asker has left", async () => {
    const events = Array.from({ length: 300 }, (_, index) => ({
      id: `e${index}`,
      event: "signup",
      time: "2026-11-20T10:00:00Z",
      dimensions: { country: `c${index}` },
    }));
    await stats.app.importEvents([events]);
    let readings = 0;
    const { store } = stats.app;
    const counting: Store = {
      ...store,
      read: (query, signal) => {
        readings += 1;
        return store.read(query, signal);
      },
    };
    const values = createDimensionValues(readCatalogue([CATALOGUE]), counting, () => NOON);
    await values.lists();
    const filter = (from: number) => ({
      dimension: "country",
      operator: "is_not" as const,
      values: Array.from({ length: 100 }, (_, index) => `c${from + index}`),
    });
    readings = 0;
    const [first] = await values.resolveFilters([filter(100), filter(200)]);
    expect(first?.values).toEqual(filter(100).values);
    expect(readings).toBeLessThanOrEqual(2);
    const left = AbortSignal.abort();
    await expect(values.resolveFilters([filter(200)], left)).rejects.toMatchObject({ code: "ERR_QUERY_CANCELLED" });
  });
});
