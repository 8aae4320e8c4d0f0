import { createLogger } from "@gatehouse/service";
import type { App } from "@slack/bolt";
import nock from "nock";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Bot, createBot, readBotConfig, type StatsClient } from "../../../bot/src/index.ts";
import { catalogue } from "../support/catalogue.ts";

const TOKEN = "xoxb-fixture-bot-token-0002";
const logs: string[] = [];
let app: App | undefined;
let bot: Bot;

const stats: StatsClient = {
  me: async () => undefined,
  access: () => ({ hits: 0, exchanges: 0, exchangeFailures: 0, replays: 0, rotations: 0, origins: [] }),
  metrics: async () => catalogue,
  query: () => Promise.reject(new TypeError("Nothing here asks.")),
  close: async () => undefined,
};

/** Slack's own address, where nothing else is configured. */
const slack = (): nock.Scope => nock("https://slack.com", { reqheaders: { authorization: `Bearer ${TOKEN}` } });

beforeAll(() => nock.disableNetConnect());
afterAll(() => nock.enableNetConnect());
beforeEach(async () => {
  logs.length = 0;
  nock("https://slack.com").post("/api/auth.test").reply(200, { ok: true, user_id: "UBOT", bot_id: "BBOT" });
  const config = readBotConfig({
    SLACK_BOT_TOKEN: TOKEN,
    SLACK_APP_TOKEN: "xapp-1",
    STATS_URL: "https://stats.example.com",
    CLOUDFLARE_ACCESS_CLIENT_ID: "id.access",
    CLOUDFLARE_ACCESS_CLIENT_SECRET: "secret",
  });
  const receiver = {
    init: (given: App) => {
      app = given;
    },
    start: async () => undefined,
    stop: async () => undefined,
  };
  const logger = createLogger({ app: "bot", level: "debug", destination: { write: (line) => logs.push(line) } });
  bot = createBot(config, { logger, stats, link: { receiver, start: async () => ({}), stop: async () => undefined } });
  await bot.start();
});
afterEach(async () => {
  await bot.stop(100);
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});

const ask = (): Promise<void> | undefined =>
  app?.processEvent({
    body: {
      type: "event_callback",
      team_id: "T1",
      event_id: `Ev${logs.length}`,
      authorizations: [{ team_id: "T1", user_id: "UBOT", is_bot: true, is_enterprise_install: false }],
      event: { type: "message", channel: "D1", channel_type: "im", user: "U1", ts: "1800000000.000001", text: "help" },
    },
    ack: async () => undefined,
  });

describe("Slack's Web API", () => {
  test("a rate limit is waited for, as long as Slack says", async () => {
    slack().post("/api/chat.postMessage").reply(429, "", { "retry-after": "1" });
    slack().post("/api/chat.postMessage").reply(200, { ok: true, channel: "D1", ts: "1.1" });
    await ask();
  });

  test("a server error is tried again", async () => {
    slack().post("/api/chat.postMessage").reply(503);
    slack().post("/api/chat.postMessage").reply(200, { ok: true, channel: "D1", ts: "1.1" });
    await ask();
  });

  test("a channel that refuses is logged with Slack's reason and without the token", async () => {
    slack().post("/api/chat.postMessage").times(2).reply(200, { ok: false, error: "is_archived" });
    await ask();
    const written = logs.join("");
    expect(written).toContain("is_archived");
    expect(written).not.toContain(TOKEN);
  });
});
