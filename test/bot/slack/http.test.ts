import { createHmac } from "node:crypto";
import { staticCredentials } from "@gatehouse/access-client";
import { createLogger } from "@gatehouse/service";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Bot, type BotConfig, createBot } from "../../../bot/src/index.ts";
import { catalogue } from "../support/catalogue.ts";
import { type SlackFixture, startSlackFixture } from "../support/slack-fixture.ts";
import { type StatsFixture, startStatsFixture } from "../support/stats-fixture.ts";

const SIGNING_SECRET = "fixture-signing-secret";
let slack: SlackFixture;
let stats: StatsFixture;
let bot: Bot;
let origin: string;

beforeEach(async () => {
  slack = await startSlackFixture();
  stats = await startStatsFixture(catalogue);
  const config: BotConfig = {
    slack: {
      botToken: "xoxb-1",
      apiUrl: slack.apiUrl,
      transport: { kind: "http", signingSecret: SIGNING_SECRET, host: "127.0.0.1", port: 0 },
    },
    stats: {
      url: stats.url,
      credentials: staticCredentials({ clientId: "id.access", clientSecret: "secret" }),
      timeoutMs: 2_000,
    },
    admins: { users: [] },
    databaseUrl: "file:never-opened.sqlite",
    allowSharedChannels: false,
    logLevel: "silent",
  };
  bot = createBot(config, { logger: createLogger({ app: "bot", level: "silent" }) });
  origin = `http://127.0.0.1:${(await bot.start()).port}`;
});
afterEach(async () => {
  await bot.stop(1_000);
  await Promise.all([slack.close(), stats.close()]);
});

interface Signing {
  readonly skewSeconds?: number;
  readonly secret?: string;
  readonly sent?: string;
}

function post(
  body: string,
  { skewSeconds = 0, secret = SIGNING_SECRET, sent = body }: Signing = {},
): Promise<Response> {
  const timestamp = String(Math.floor(Date.now() / 1000) + skewSeconds);
  const signature = `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    "x-slack-request-timestamp": timestamp,
    "x-slack-signature": signature,
  };
  return fetch(`${origin}/slack/events`, { method: "POST", headers, body: sent });
}

const command = (triggerId: string): string =>
  new URLSearchParams({
    command: "/stats",
    text: "signups",
    team_id: "T1",
    channel_id: "C1",
    user_id: "U1",
    trigger_id: triggerId,
    response_url: slack.responseUrl,
  }).toString();

describe("HTTP mode", () => {
  test("a signed command is acknowledged with an empty answer, and answered", async () => {
    const response = await post(command("t1"));
    expect([response.status, await response.text()]).toEqual([200, ""]);
    await expect.poll(() => slack.callsOf("chat.update").length).toBe(1);
  });

  test.each<[string, Signing]>([
    ["signed with another secret", { secret: "another-secret" }],
    ["altered after signing", { sent: "command=%2Fstats&text=revenue" }],
    ["six minutes old", { skewSeconds: -360 }],
    ["six minutes ahead", { skewSeconds: 360 }],
  ])("a request that is %s is refused", async (_case, signing) => {
    expect((await post(command("t2"), signing)).status).toBe(401);
    expect(stats.calls).toEqual([]);
  });

  test("a request without a signature is refused", async () => {
    expect((await fetch(`${origin}/slack/events`, { method: "POST", body: command("t3") })).status).toBe(401);
  });

  test("a replayed request is acknowledged and does nothing", async () => {
    await post(command("t4"));
    await expect.poll(() => slack.callsOf("chat.update").length).toBe(1);
    expect((await post(command("t4"))).status).toBe(200);
    await bot.stop(1_000);
    expect(slack.callsOf("chat.postMessage")).toHaveLength(1);
  });

  test("/healthz answers; other paths and unreadable targets are not found", async () => {
    expect(await (await fetch(`${origin}/healthz`)).json()).toEqual({ ok: true });
    expect((await fetch(`${origin}/other`)).status).toBe(404);
    expect((await fetch(`${origin}//`)).status).toBe(404);
  });

  test("a stop lets the question under way finish", async () => {
    let release = (): void => undefined;
    await post(command("t5"));
    await expect.poll(() => slack.callsOf("chat.update").length).toBe(1);
    stats.respond = (_request, response, query) => {
      release = () => {
        stats.respond = undefined;
        response.writeHead(503).end("{}");
      };
      expect(query).toBeDefined();
    };
    await post(command("t6"));
    await expect.poll(() => stats.calls.filter((call) => call.query).length).toBe(2);
    const stopped = bot.stop(2_000);
    release();
    await stopped;
    expect(slack.callsOf("respond")).toHaveLength(1);
  });
});

test("a token that Slack refuses keeps the bot from starting, and says which variables to check", async () => {
  const bad = await startSlackFixture();
  bad.answer("auth.test", { body: { ok: false, error: "invalid_auth" } });
  const config: BotConfig = {
    slack: {
      botToken: "xoxb-1",
      apiUrl: bad.apiUrl,
      transport: { kind: "http", signingSecret: SIGNING_SECRET, host: "127.0.0.1", port: 0 },
    },
    stats: {
      url: stats.url,
      credentials: staticCredentials({ clientId: "id.access", clientSecret: "secret" }),
      timeoutMs: 2_000,
    },
    admins: { users: [] },
    databaseUrl: "file:never-opened.sqlite",
    allowSharedChannels: false,
    logLevel: "silent",
  };
  const refused = createBot(config, { logger: createLogger({ app: "bot", level: "silent" }) });
  await expect(refused.start()).rejects.toMatchObject({
    code: "ERR_BOT_SLACK_START_FAILED",
    message: expect.stringContaining("invalid_auth"),
  });
  await refused.stop(100);
  await bad.close();
});
