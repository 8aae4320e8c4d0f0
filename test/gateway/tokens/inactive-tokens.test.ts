import { createLogger } from "@gatehouse/service";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStore } from "../../../gateway/src/store/store.ts";
import { createInactiveTokens } from "../../../gateway/src/tokens/inactive-tokens.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";

const account = { account_id: "acme" };
const DAY_MS = 24 * 3_600_000;

let it: TestGateway;
beforeEach(async () => {
  it = await startGateway({ admin: true });
});
afterEach(() => it.close());

/** What a gateway does each hour. */
async function sweep(action: "disable" | "delete", named: readonly string[] = []): Promise<void> {
  const store = await openStore(it.config.databaseUrl);
  const inactive = createInactiveTokens({
    store,
    tokens: it.gateway.tokens,
    referrersOf: (id) => (named.includes(id) ? [{ kind: "policy", id: "p", name: "p", applications: [] }] : []),
    setting: () => ({ action, thresholdMs: 30 * DAY_MS }),
    logger: createLogger({ app: "gateway", level: "silent" }),
    now: () => it.clock.nowMs,
  });
  await inactive.sweep();
  inactive.close();
  await store.destroy();
}

const stateOf = async (id: string) => (await it.gateway.tokens.get(id)).isEnabled;

describe("service tokens that nobody uses", () => {
  test("are disabled after the time that was set, unless they were used, changed or named meanwhile", async () => {
    const [idle, used, changed, named] = [
      await it.gateway.tokens.create({ name: "idle" }),
      await it.gateway.tokens.create({ name: "used" }),
      await it.gateway.tokens.create({ name: "changed" }),
      await it.gateway.tokens.create({ name: "named" }),
    ];
    it.clock.nowMs += 20 * DAY_MS;
    const headers = { "CF-Access-Client-Id": used.clientId, "CF-Access-Client-Secret": used.clientSecret };
    expect((await fetch(it.url, { headers })).status).toBe(200);
    const seen = async () => (await it.gateway.tokens.get(used.id)).lastSeenAt;
    await expect.poll(seen, { timeout: 20_000, interval: 200 }).not.toBeNull();
    await it.gateway.tokens.rotate(changed.id);
    await sweep("disable");
    expect(await stateOf(idle.id)).toBe(true);
    it.clock.nowMs += 11 * DAY_MS;
    await sweep("disable", [named.id]);
    const states = [idle, used, changed, named].map(({ id }) => stateOf(id));
    expect(await Promise.all(states)).toEqual([false, true, true, true]);
    await it.gateway.tokens.enable(idle.id);
    await sweep("disable", [named.id]);
    expect(await stateOf(idle.id)).toBe(true);
  });

  test("are deleted where that was set, disabled ones too", async () => {
    const idle = await it.gateway.tokens.create({ name: "idle", isEnabled: false });
    it.clock.nowMs += 31 * DAY_MS;
    await sweep("delete");
    await expect(it.gateway.tokens.get(idle.id)).rejects.toMatchObject({ code: "ERR_TOKEN_NOT_FOUND" });
  });

  test("are a setting of the organization, from 30 to 365 days", async () => {
    const organizations = it.api.zeroTrust.organizations;
    const setting = { enabled: true, action: "disable" as const, inactivity_threshold_days: 90 };
    const set = await organizations.update({ ...account, service_token_inactivity: setting });
    expect(set.service_token_inactivity).toEqual(setting);
    const refused = organizations.update({
      ...account,
      service_token_inactivity: { ...setting, inactivity_threshold_days: 29 },
    });
    await expect(refused).rejects.toMatchObject({ status: 400 });
  });
});
