import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exchange, startGateway, type TestGateway } from "../support/gateway.ts";

const account = { account_id: "acme" };
const DAY_MS = 24 * 3_600_000;

let it: TestGateway;
beforeAll(async () => {
  it = await startGateway({ admin: true });
});
afterAll(() => it.close());

const keys = () => it.api.zeroTrust.access.keys;
const publishedKeys = async () => {
  const answer = await fetch(`${it.url}/cdn-cgi/access/certs`);
  return ((await answer.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
};

describe("the signing keys, by the SDK", () => {
  test("change every six weeks, or as often as is set", async () => {
    expect(await keys().get(account)).toMatchObject({ key_rotation_interval_days: 42, days_until_next_rotation: 42 });
    const set = await keys().update({ ...account, key_rotation_interval_days: 30 });
    expect(set).toMatchObject({ key_rotation_interval_days: 30, days_until_next_rotation: 30 });
    it.clock.nowMs += DAY_MS;
    expect(await keys().get(account)).toMatchObject({ days_until_next_rotation: 29 });
  });

  test("change at once on command, while what was signed before stays good", async () => {
    const jwt = await exchange(it);
    const before = await publishedKeys();
    it.clock.nowMs += 60_000;
    const rotated = await keys().rotate(account);
    expect(rotated).toMatchObject({ last_key_rotation_at: new Date(it.clock.nowMs).toISOString() });
    expect(await publishedKeys()).toEqual(expect.arrayContaining(before));
    expect((await publishedKeys()).length).toBe(before.length + 1);
    expect((await fetch(it.url, { headers: { "cf-access-token": jwt } })).status).toBe(200);
  });

  test.each([20, 366, 30.5])("do not change every %d days", async (key_rotation_interval_days) => {
    const refused = keys().update({ ...account, key_rotation_interval_days });
    await expect(refused).rejects.toMatchObject({ status: 400, errors: [{ code: 12130 }] });
  });
});
