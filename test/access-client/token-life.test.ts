import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planTokenLife } from "../../access-client/src/token-life.ts";
import { start, until } from "./support/harness.ts";

const DAY_SECONDS = 86_400;

/** How long before its end a token of so many seconds is stale. */
function windowMs(seconds: number, random: number): number {
  const { staleAtMs, deadAtMs } = planTokenLife({ iat: 0, exp: seconds }, undefined, 0, random);
  return Math.round(deadAtMs - staleAtMs);
}

describe("1. Three states: fresh, stale, dead", () => {
  test("a fresh token is used as it is; a stale one at once while one renewal runs behind; the new one then", async () => {
    const { clock, gateway, client, get } = await start({}, { tokenLifeSeconds: 900 });
    expect(await get()).toBe(200);
    clock.nowMs += 778_000; // 900 s less the window of 120 s and less the second that Date is cut by
    expect(await get()).toBe(200);
    expect(gateway.exchanges).toBe(1);
    clock.nowMs += 2_000;
    expect(await Promise.all(Array.from({ length: 50 }, () => get()))).toEqual(Array(50).fill(200));
    await until(() => gateway.tokens.length === 2);
    expect(await get()).toBe(200);
    expect(gateway.exchanges).toBe(2);
    expect(gateway.seen.at(-1)?.headers["cf-access-token"]).toBe(gateway.tokens[1]);
    expect(client.stats()).toMatchObject({ exchanges: 2, exchangeFailures: 0 });
  });
});

describe("3. Refresh window: min(2 min, 20 % of the lifetime), with ±10 % jitter", () => {
  test("replicas renew at different times: the jitter spreads the window by 10 % either way", () => {
    expect([0, 0.5, 1].map((random) => windowMs(3_600, random))).toEqual([108_000, 120_000, 132_000]);
  });

  test("a short token is renewed in its last fifth", () => {
    expect([60, 300, 600, 601].map((seconds) => windowMs(seconds, 0.5))).toEqual([12_000, 60_000, 120_000, 120_000]);
  });
});

describe("4. A failed refresh while the token lives", () => {
  test("fails no request while the token lives, is tried again with growing pauses, and shows as lastError", async () => {
    const { clock, gateway, client, get } = await start({}, { tokenLifeSeconds: 900 });
    await get();
    gateway.exchangeFailure = "cut";
    clock.nowMs += 780_000;
    const triesAtSeconds: number[] = [];
    for (let second = 0; second < 118; second += 1) {
      const before = client.stats().exchangeFailures;
      const tries = gateway.exchanges;
      expect(await get()).toBe(200);
      await until(() => client.stats().exchangeFailures - before === client.stats().exchanges - 1 - before);
      if (gateway.exchanges > tries) triesAtSeconds.push(second);
      clock.nowMs += 1_000;
    }
    expect(triesAtSeconds).toEqual([0, 3, 9, 21, 45, 93]);
    expect(client.stats().origins[0]?.lastError).toMatchObject({ code: "ERR_ACCESS_EXCHANGE_FAILED" });
    clock.nowMs += 3_000;
    expect(await get()).toBe("ERR_ACCESS_EXCHANGE_FAILED");
    gateway.exchangeFailure = undefined;
    expect(await get()).toBe(200);
    expect(client.stats().origins[0]?.lastError).toBeNull();
  });

  test.each([503, 500, 429])("status %i without a token is a failure, not a strict server", async (status) => {
    const { gateway, client, get } = await start({}, { exchangeFailure: status });
    expect(await get()).toBe("ERR_ACCESS_EXCHANGE_FAILED");
    gateway.exchangeFailure = undefined;
    expect(await get()).toBe(200);
    expect(client.stats().origins[0]?.mode).toBe("exchange");
  });
});

describe("5. Server time", () => {
  test.each([-DAY_SECONDS, -3_600, 3_600, DAY_SECONDS])(
    "a local clock %i s off changes nothing",
    async (offSeconds) => {
      const clock = { nowMs: Date.parse("2026-11-23T12:00:00Z") };
      const { gateway, get } = await start({ now: () => clock.nowMs + offSeconds * 1_000 }, { now: () => clock.nowMs });
      await get();
      clock.nowMs += 700_000;
      expect(await get()).toBe(200);
      expect(gateway.exchanges).toBe(1);
      clock.nowMs += 200_000;
      expect(await get()).toBe(200);
      expect(gateway.exchanges).toBe(2);
      expect(gateway.seen.every((request) => request.isAdmitted)).toBe(true);
    },
  );

  test("without a Date header the token's own length counts", async () => {
    const { clock, gateway, get } = await start({}, { sendsDate: false });
    await get();
    clock.nowMs += 899_000;
    await get();
    await until(() => gateway.exchanges === 2);
  });

  test("however the clocks stand, a token is stale before it is dead and never outlives its length", () => {
    const instants = fc.integer({ min: 0, max: 4_000_000_000 });
    fc.assert(
      fc.property(
        instants,
        fc.integer({ min: 1, max: 2_678_400 }),
        instants,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (iat, length, serverNow, random) => {
          const date = new Date(serverNow * 1_000).toUTCString();
          const { staleAtMs, deadAtMs } = planTokenLife({ iat, exp: iat + length }, date, 0, random);
          expect(staleAtMs).toBeLessThan(deadAtMs);
          expect(deadAtMs).toBeLessThanOrEqual(length * 1_000);
          expect(deadAtMs).toBeLessThanOrEqual((iat + length - serverNow) * 1_000);
        },
      ),
    );
  });
});
