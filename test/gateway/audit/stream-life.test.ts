import { afterAll, beforeAll, expect, test } from "vitest";
import { auditRow } from "../../../gateway/src/audit/event.ts";
import { openStore } from "../../../gateway/src/store/store.ts";
import { REFUSAL } from "../support/audit.ts";
import { startGateway, type TestGateway } from "../support/gateway.ts";
import { forEachStore } from "../support/stores.ts";

const AUDIT = "/client/v4/accounts/acme/access/logs/audit";
/** Far more than the sockets' buffers hold, so that an export that nobody reads stands still. */
const LINES = 4_000;
const PADDING = "x".repeat(8_000);

forEachStore("what is read for long", (store) => {
  let here: TestGateway;
  let there: TestGateway;
  beforeAll(async () => {
    here = await startGateway({ admin: true, store });
    there = await startGateway({ admin: true, databaseUrl: here.config.databaseUrl });
    const written = await openStore(here.config.databaseUrl);
    const row = auditRow({ ...REFUSAL, detail: { ...REFUSAL.detail, padding: PADDING } }, here.clock.nowMs);
    for (let lines = 0; lines < LINES; lines += 500) {
      await written
        .insertInto("audit_events")
        .values(Array.from({ length: 500 }, () => row))
        .execute();
    }
    await written.destroy();
  });
  afterAll(async () => {
    await there.close();
    await here.close();
  });

  const open = (path: string, headers: Record<string, string>) => fetch(here.adminUrl + AUDIT + path, { headers });
  const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
  const newToken = () => there.gateway.apiTokens.create({ name: "short-lived", scopes: ["audit_logs:read"] });
  /** The line that the log gets when a call is over. */
  const isOver = (path: string) => () =>
    here.logs.some((line) => line.includes(`${AUDIT}${path}"`) && line.includes("short-lived"));

  test("whole, an export has every line", async () => {
    const text = await (await open("/export?kind=access", bearer(here.apiToken))).text();
    expect(text.split("\n")).toHaveLength(LINES + 1);
  });

  test("an export and a tail break off when their API token is deleted on another gateway, read or not", async () => {
    const { id, secret } = await newToken();
    await expect.poll(async () => (await open("?limit=1", bearer(secret))).status).toBe(200);
    const [halfRead, tail] = await Promise.all([open("/export", bearer(secret)), open("/tail", bearer(secret))]);
    await there.gateway.apiTokens.delete(id);
    await expect.poll(isOver("/export"), { timeout: 5_000 }).toBe(true);
    await expect.poll(isOver("/tail"), { timeout: 5_000 }).toBe(true);
    await expect(halfRead.text()).rejects.toThrow("terminated");
    await expect(tail.text()).rejects.toThrow("terminated");
  });

  test("a tail breaks off when its API token expires", async () => {
    const { secret } = await here.gateway.apiTokens.create({
      name: "an hour",
      scopes: ["audit_logs:read"],
      duration: "1h",
    });
    const tail = await open("/tail", bearer(secret));
    here.clock.nowMs += 3_600_000;
    await expect(tail.text()).rejects.toThrow("terminated");
  });

  test("the admin page's tail breaks off when its session has lasted twelve hours", async () => {
    const page = { "x-requested-with": "gatehouse", "content-type": "application/json" };
    const body = JSON.stringify({ token: here.apiToken });
    const session = await fetch(`${here.adminUrl}/session`, { method: "POST", headers: page, body });
    const cookie = session.headers.get("set-cookie")?.split(";")[0] ?? "";
    const tail = await open("/tail", { ...page, cookie });
    expect(tail.status).toBe(200);
    here.clock.nowMs += 12 * 3_600_000;
    await expect(tail.text()).rejects.toThrow("terminated");
  });

  test("an export breaks off when the gateway stops, and does not look whole", async () => {
    const halfRead = await open("/export", bearer(here.apiToken));
    await here.restart();
    await expect(halfRead.text()).rejects.toThrow("terminated");
  });
});
