import { startTrace } from "@gatehouse/service";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createCatalogueCache } from "../../bot/src/catalogue-cache.ts";
import { type BotFixture, startBotFixture } from "./support/bot-fixture.ts";
import { catalogue } from "./support/catalogue.ts";

describe("a thousand questions at once on a cold bot", () => {
  let fixture: BotFixture;
  beforeEach(async () => {
    fixture = await startBotFixture({ statsTimeoutMs: 30_000 });
  });
  afterEach(() => fixture.close());

  test("fetch the catalogue once and ask a thousand queries", async () => {
    await Promise.all(Array.from({ length: 1_000 }, () => fixture.directMessage("signups")));
    const own = fixture.stats.calls.filter((call) => call.traceparent !== undefined);
    expect(own.filter((call) => call.path === "/api/v1/metrics")).toHaveLength(1);
    expect(own.filter((call) => call.path === "/api/v1/query")).toHaveLength(1_000);
  });
});

describe("the catalogue", () => {
  const trace = startTrace();

  test("is kept for a minute, then renewed behind the question that found it stale", async () => {
    let nowMs = 0;
    let fetches = 0;
    const cache = createCatalogueCache(
      async () => ({ ...catalogue, product: `v${++fetches}` }),
      () => nowMs,
    );
    expect((await cache.get(trace)).product).toBe("v1");
    nowMs = 59_999;
    expect((await cache.get(trace)).product).toBe("v1");
    nowMs = 60_000;
    expect((await cache.get(trace)).product).toBe("v1");
    expect((await cache.get(trace)).product).toBe("v2");
  });

  test("survives a failing renewal for an hour, and no longer", async () => {
    let nowMs = 0;
    let isDown = false;
    const cache = createCatalogueCache(
      async () => {
        if (isDown) throw new TypeError("down");
        return catalogue;
      },
      () => nowMs,
    );
    await cache.get(trace);
    isDown = true;
    nowMs = 3_599_999;
    expect(await cache.get(trace)).toBe(catalogue);
    nowMs = 3_600_000;
    await expect(cache.get(trace)).rejects.toThrow("down");
  });

  test("that could not be fetched is asked for again by the next question", async () => {
    let tries = 0;
    const cache = createCatalogueCache(
      async () => {
        tries += 1;
        if (tries === 1) throw new TypeError("down");
        return catalogue;
      },
      () => 0,
    );
    await expect(cache.get(trace)).rejects.toThrow("down");
    expect(await cache.get(trace)).toBe(catalogue);
  });
});
