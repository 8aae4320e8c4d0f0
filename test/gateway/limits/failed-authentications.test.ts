import { describe, expect, test } from "vitest";
import { createFailedAuthentications } from "../../../gateway/src/limits/failed-authentications.ts";
import { exchange, startGateway } from "../support/gateway.ts";

const MINUTE_MS = 60_000;

function counted(perMinute: number) {
  const clock = { nowMs: 1_000_000 };
  const limited: string[] = [];
  const failures = createFailedAuthentications({
    perMinute,
    now: () => clock.nowMs,
    onLimited: (limit) => limited.push(limit),
  });
  return { clock, limited, failures };
}

describe("failed authentications", () => {
  test("are told why until there are too many in a minute from one address", () => {
    const { clock, failures, limited } = counted(2);
    expect(failures.note("192.0.2.1", undefined)).toBeUndefined();
    clock.nowMs += 10_000;
    expect(failures.note("192.0.2.1", undefined)).toBeUndefined();
    expect(failures.note("192.0.2.1", undefined)).toBe(50_000);
    expect(failures.note("192.0.2.2", undefined)).toBeUndefined();
    expect(limited).toEqual(["address"]);
    clock.nowMs += 50_000;
    expect(failures.note("192.0.2.1", undefined)).toBeUndefined();
  });

  test("count per service token too, from wherever they come", () => {
    const { failures, limited } = counted(2);
    for (const ip of ["192.0.2.1", "192.0.2.2"]) expect(failures.note(ip, "a.access")).toBeUndefined();
    expect(failures.note("192.0.2.3", "a.access")).toBe(MINUTE_MS);
    expect(failures.note("192.0.2.4", "b.access")).toBeUndefined();
    expect(limited).toEqual(["client_id"]);
  });

  test("of one IPv6 network count together, however its addresses are written", () => {
    const { failures } = counted(1);
    expect(failures.note("2001:db8:0:1::1", undefined)).toBeUndefined();
    expect(failures.note("2001:db8:0:1:2:3:4:5", undefined)).toBe(MINUTE_MS);
    expect(failures.note("2001:db8:0:2::1", undefined)).toBeUndefined();
    expect(failures.note("::1", undefined)).toBeUndefined();
    expect(failures.note("::2", undefined)).toBe(MINUTE_MS);
  });

  test("are forgotten when strangers bring too many addresses, so that memory has an end", () => {
    const { failures } = counted(1);
    failures.note("192.0.2.1", undefined);
    for (let index = 0; index < 20_000; index += 1) failures.note(`10.${index >> 8}.${index & 255}.1`, undefined);
    expect(failures.note("192.0.2.1", undefined)).toBeUndefined();
  });

  test("have no limit with 0", () => {
    const { failures } = counted(0);
    for (let index = 0; index < 100; index += 1) expect(failures.note("192.0.2.1", "a")).toBeUndefined();
  });
});

test("a flood of wrong secrets is told to wait, and the right secret and JWT pass all the same", async () => {
  const it = await startGateway({ config: { limits: { failuresPerMinute: 5 } } });
  const jwt = await exchange(it);
  const wrong = { ...it.pair, "CF-Access-Client-Secret": "cfast_wrong" };
  const statuses: number[] = [];
  for (let index = 0; index < 8; index += 1) statuses.push((await fetch(it.url, { headers: wrong })).status);
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
  const last = await fetch(it.url, { headers: wrong });
  expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(last.headers.get("cf-access-aud")).not.toBeNull();
  expect(await last.json()).toMatchObject({
    error: "too_many_requests",
    reason: "too_many_failures",
    status_code: 429,
  });
  expect(it.logs.at(-1)).toContain("service_token_secret_mismatch");
  expect((await fetch(it.url, { headers: it.pair })).status).toBe(200);
  expect((await fetch(it.url, { headers: { "cf-access-token": jwt } })).status).toBe(200);
  expect((await fetch(it.url)).status).toBe(401);
  it.clock.nowMs += MINUTE_MS;
  expect((await fetch(it.url, { headers: wrong })).status).toBe(401);
  await it.close();
});
