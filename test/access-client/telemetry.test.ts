import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { CHANNELS, type ExpiringNotice, type RotatedNotice } from "@gatehouse/access-client";
import { describe, expect, onTestFinished, test } from "vitest";
import { PAIR } from "./support/fake-gateway.ts";
import { start } from "./support/harness.ts";

function record(): [string, unknown][] {
  const messages: [string, unknown][] = [];
  const listener = (message: unknown, name: string | symbol) => messages.push([String(name), message]);
  for (const { name } of Object.values(CHANNELS)) {
    subscribe(name, listener);
    onTestFinished(() => void unsubscribe(name, listener));
  }
  return messages;
}

const DAY_MS = 24 * 3_600_000;

describe("14. Telemetry", () => {
  test("exchanges, hits and refusals are told by channel, without a secret", async () => {
    const messages = record();
    const { gateway, get } = await start();
    await get();
    await get();
    gateway.revokeAll();
    await get();
    const names = messages.map(([name]) => name.replace("gatehouse:access-client:", ""));
    expect(names).toEqual([
      ...["request:start", "exchange:start", "exchange:end", "request:end"],
      ...["request:start", "hit", "request:end"],
      ...["request:start", "hit", "refused", "exchange:start", "exchange:end", "request:end"],
    ]);
    expect(messages[2]?.[1]).toMatchObject({ origin: gateway.origin, clientId: PAIR.clientId, mode: "exchange" });
    expect(messages[9]?.[1]).toMatchObject({ status: 401, reason: "token_revoked" });
    expect(messages[12]?.[1]).toMatchObject({ method: "GET", path: "/", status: 200, isReplayed: true });
    const text = JSON.stringify(messages);
    for (const secret of [PAIR.clientSecret, ...gateway.tokens]) expect(text).not.toContain(secret);
  });

  test("onExpiring speaks once at 30, 7 and 1 days", async () => {
    const notices: ExpiringNotice[] = [];
    const { clock, get } = await start({ onExpiring: (notice) => notices.push(notice) });
    const endMs = Date.parse("2027-11-23T00:00:00Z");
    for (const days of [40, 29.5, 20, 6.5, 5, 0.9, 0.1]) {
      clock.nowMs = endMs - days * DAY_MS;
      expect(await get()).toBe(200);
    }
    expect(notices.map(({ daysLeft }) => daysLeft)).toEqual([29, 6, 0]);
    expect(notices[0]).toMatchObject({ clientId: PAIR.clientId, expiresAt: "2027-11-23T00:00:00Z" });
  });

  test("onRotated speaks of each other pair, by an id that tells it from the others and is none of its secret", async () => {
    const notices: RotatedNotice[] = [];
    let clientSecret = PAIR.clientSecret;
    const credentials = { name: "test", read: () => ({ ...PAIR, clientSecret }) };
    const { clock, gateway, get } = await start({ credentials, onRotated: (notice) => notices.push(notice) });
    for (const secret of [PAIR.clientSecret, "cfast_second", "cfast_second", "cfast_third"]) {
      gateway.clientSecret = clientSecret = secret;
      clock.nowMs += 900_000;
      expect(await get()).toBe(200);
    }
    expect(notices).toHaveLength(2);
    expect(notices[0]?.clientId).toBe(PAIR.clientId);
    expect(notices[0]?.pairId).not.toBe(notices[1]?.pairId);
    expect(JSON.stringify(notices)).not.toContain("cfast_");
  });

  test("a hook that throws fails no request", async () => {
    const { clock, get } = await start({
      onExpiring: () => {
        throw new RangeError("hook");
      },
    });
    clock.nowMs = Date.parse("2027-11-22T00:00:00Z");
    expect(await get()).toBe(200);
  });
});
