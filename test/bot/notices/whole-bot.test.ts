import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileCredentials } from "@gatehouse/access-client";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { readTokenEnd } from "../../../bot/src/notices/token-end.ts";
import { startGateway, type TestGateway } from "../../gateway/support/gateway.ts";
import { createDatabase, forEachStore, type TestDatabase } from "../../gateway/support/stores.ts";
import { type BotFixture, type BotFixtureOptions, startBotFixture } from "../support/bot-fixture.ts";

const CLIENT_ID = `${"d".repeat(32)}.access`;
const END = "2026-11-29T18:00:00.000Z";

forEachStore("two whole bots on one database", (store) => {
  let database: TestDatabase;
  let folder: string;
  let file: string;
  let bots: BotFixture[];
  const writeSecret = (secret: string): void =>
    writeFileSync(file, JSON.stringify({ client_id: CLIENT_ID, client_secret: secret }));
  const openBot = async (changes: BotFixtureOptions = {}): Promise<BotFixture> => {
    const admins = { users: ["U0ADA", "U0GRACE"], channel: "C0OPS" };
    const stats = { credentials: fileCredentials(file, { intervalMs: 50 }) };
    const bot = await startBotFixture({ admins, databaseUrl: database.url, stats, ...changes });
    bots.push(bot);
    return bot;
  };
  /** What was posted to the admins, and not as an answer. */
  const posts = () =>
    bots
      .flatMap(({ slack }) => slack.callsOf("chat.postMessage").map(({ args }) => args))
      .filter(({ channel }) => channel !== "C1");
  const linesOf = ({ logs }: BotFixture, words: string) => logs.filter((line) => line.includes(words));

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    database = await createDatabase(store);
    folder = mkdtempSync(join(tmpdir(), "gatehouse-bots-"));
    file = join(folder, "credentials.json");
    writeSecret("first-secret-0001");
    bots = [];
  });
  afterEach(async () => {
    for (const bot of bots) await bot.close();
    vi.useRealTimers();
    database.remove();
    rmSync(folder, { recursive: true });
  });

  test("a file that is rewritten is picked up without a restart: one line in each log, one private notice to each admin", async () => {
    vi.useRealTimers();
    const both = [await openBot(), await openBot()];
    for (const bot of both) await bot.command("signups last 7 days");
    writeSecret("second-secret-0002");
    for (const bot of both) {
      await expect.poll(() => linesOf(bot, "was rotated").length, { timeout: 20_000 }).toBe(1);
    }
    await expect.poll(() => posts().length, { timeout: 20_000 }).toBe(2);
    for (const bot of both) await bot.bot.stop(5_000);
    expect(
      posts()
        .map(({ channel }) => channel)
        .toSorted(),
    ).toEqual(["U0ADA", "U0GRACE"]);
    const everything = JSON.stringify([posts(), both.map(({ logs }) => logs)]);
    expect(everything).not.toMatch(/first-secret-0001|second-secret-0002/);
  });

  test("nobody asks anything: the end is noticed all the same, and told once", async () => {
    const both = [await openBot(), await openBot()];
    for (const { stats } of both) {
      stats.respond = (_, response) => void response.writeHead(200, { "cf-access-token-expires-at": END }).end("{}");
    }
    for (let minute = 0; minute < 3; minute += 1) vi.advanceTimersByTime(60_000);
    for (const bot of both) {
      await expect.poll(() => linesOf(bot, "ends within 7 days").length, { timeout: 20_000 }).toBe(1);
    }
    await expect.poll(() => posts().length, { timeout: 20_000 }).toBe(1);
    for (const bot of both) await bot.bot.stop(5_000);
    expect(posts().map(({ channel }) => channel)).toEqual(["C0OPS"]);
  });
});

describe("asking when the token ends", () => {
  const noApi = async () => undefined;
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await startGateway({ admin: true });
  });
  afterEach(() => gateway.close());
  const config = () => {
    const { clientId, clientSecret } = gateway.token;
    return {
      url: gateway.url,
      credentials: { name: "test", read: () => ({ clientId, clientSecret }) },
      timeoutMs: 5_000,
    };
  };

  test("our gateway tells, and a refresh is seen at once", async () => {
    const first = await readTokenEnd(config(), noApi);
    expect(first).toEqual({ clientId: gateway.token.clientId, expiresAt: gateway.token.expiresAt });
    gateway.clock.nowMs += 3_600_000;
    await gateway.api.zeroTrust.access.serviceTokens.refresh(gateway.token.id, { account_id: "gatehouse" });
    const second = await readTokenEnd(config(), noApi);
    expect(Date.parse(second.expiresAt ?? "")).toBe(Date.parse(first.expiresAt ?? "") + 3_600_000);
  });

  test("where the gateway does not tell, as Cloudflare's, the admin API is asked by the client id", async () => {
    const bot = await startBotFixture();
    onTestFinished(() => bot.close());
    bot.stats.respond = (_, response) => void response.writeHead(200).end("{}");
    const asked: string[] = [];
    const end = await readTokenEnd({ ...config(), url: bot.stats.url }, async (clientId) => {
      asked.push(clientId);
      return END;
    });
    expect(end.expiresAt).toBe(END);
    expect(asked).toEqual([gateway.token.clientId]);
  });

  test("a token that is refused says so, and is no end", async () => {
    const credentials = { name: "test", read: () => ({ clientId: gateway.token.clientId, clientSecret: "wrong" }) };
    await expect(readTokenEnd({ ...config(), credentials }, noApi)).rejects.toMatchObject({
      code: "ERR_ACCESS_UNAUTHENTICATED",
    });
  });
});
