import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "@gatehouse/service";
import { describe, expect, test } from "vitest";
import { readBotConfig } from "../../bot/src/index.ts";

const good = {
  SLACK_BOT_TOKEN: "xoxb-1",
  SLACK_APP_TOKEN: "xapp-1",
  STATS_URL: "https://stats.example.com/",
  CLOUDFLARE_ACCESS_CLIENT_ID: "id.access",
  CLOUDFLARE_ACCESS_CLIENT_SECRET: "secret",
};

describe("readBotConfig", () => {
  test("speaks Socket Mode where there is an app token", () => {
    expect(readBotConfig(good)).toMatchObject({
      slack: {
        botToken: "xoxb-1",
        apiUrl: "https://slack.com/api/",
        transport: { kind: "socket", appToken: "xapp-1" },
      },
      stats: { url: "https://stats.example.com", credentials: { name: "environment" }, timeoutMs: 20_000 },
      admins: { users: [] },
      allowSharedChannels: false,
      logLevel: "info",
    });
  });

  test("speaks HTTP where there is only a signing secret", () => {
    const { slack } = readBotConfig({
      ...good,
      SLACK_APP_TOKEN: "",
      SLACK_SIGNING_SECRET: "0123456789",
      BOT_PORT: "0",
    });
    expect(slack.transport).toEqual({ kind: "http", signingSecret: "0123456789", host: "127.0.0.1", port: 0 });
  });

  test("takes the service token as one file, which is watched", () => {
    const { CLOUDFLARE_ACCESS_CLIENT_ID: id, CLOUDFLARE_ACCESS_CLIENT_SECRET: secret, ...rest } = good;
    const text = JSON.stringify({ client_id: id, client_secret: secret });
    const { stats } = readBotConfig({ ...rest, CLOUDFLARE_ACCESS_CREDENTIALS: text });
    expect(stats.credentials.watch).toBeTypeOf("function");
    expect(() => readBotConfig({ ...good, CLOUDFLARE_ACCESS_CREDENTIALS: text })).toThrow("keep one");
  });

  test("takes the admins' ids and the id of their channel, each id once", () => {
    const { admins } = readBotConfig({ ...good, BOT_ADMINS: "U0ADA, W0BEN,U0ADA", BOT_ADMIN_CHANNEL: "C0OPS" });
    expect(admins).toEqual({ users: ["U0ADA", "W0BEN"], channel: "C0OPS" });
    expect(() => readBotConfig({ ...good, BOT_ADMINS: "@ada" })).toThrow("BOT_ADMINS");
    expect(() => readBotConfig({ ...good, BOT_ADMIN_CHANNEL: "#ops" })).toThrow("BOT_ADMIN_CHANNEL");
  });

  test("knows the admin API by the variables of the admin's command line, and the credentials file", () => {
    const { CLOUDFLARE_ACCESS_CLIENT_ID: _id, CLOUDFLARE_ACCESS_CLIENT_SECRET: _secret, ...rest } = good;
    expect(readBotConfig(good).adminApi).toBeUndefined();
    expect(readBotConfig(good).stats.credentialsFile).toBeUndefined();
    const own = { ...good, CLOUDFLARE_BASE_URL: "http://127.0.0.1:4004/", CLOUDFLARE_API_TOKEN: "gatehouse_x" };
    expect(readBotConfig(own).adminApi).toEqual({
      baseUrl: "http://127.0.0.1:4004/client/v4",
      accountId: "gatehouse",
      apiToken: "gatehouse_x",
    });
    const cloudflare = { ...good, CLOUDFLARE_API_TOKEN: "t", CLOUDFLARE_ACCOUNT_ID: "a" };
    expect(readBotConfig(cloudflare).adminApi).toMatchObject({ baseUrl: "https://api.cloudflare.com/client/v4" });
    expect(() => readBotConfig({ ...cloudflare, CLOUDFLARE_ACCOUNT_ID: "" })).toThrow("CLOUDFLARE_ACCOUNT_ID");
    expect(() => readBotConfig({ ...own, CLOUDFLARE_BASE_URL: "http://admin.example.com" })).toThrow("https");
    const file = join(mkdtempSync(join(tmpdir(), "gatehouse-bot-")), "pair.json");
    writeFileSync(file, "{}");
    expect(readBotConfig({ ...rest, CLOUDFLARE_ACCESS_CREDENTIALS_FILE: file }).stats.credentialsFile).toBe(file);
  });

  test("adds the slash that Slack's client needs to another API address", () => {
    expect(readBotConfig({ ...good, SLACK_API_URL: "http://127.0.0.1:4000/api" }).slack.apiUrl).toBe(
      "http://127.0.0.1:4000/api/",
    );
  });

  test("reports every problem at once, by name, and repeats no value", () => {
    const bad = {
      SLACK_BOT_TOKEN: "wrong-token-9",
      STATS_URL: "nonsense-9",
      BOT_PORT: "x",
      BOT_ALLOW_SHARED_CHANNELS: "maybe",
    };
    const error = catchError(() => readBotConfig(bad));
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).problems.map((problem) => problem.name).toSorted()).toEqual([
      "BOT_ALLOW_SHARED_CHANNELS",
      "BOT_PORT",
      "CLOUDFLARE_ACCESS_CLIENT_ID",
      "CLOUDFLARE_ACCESS_CLIENT_SECRET",
      "SLACK_APP_TOKEN",
      "SLACK_BOT_TOKEN",
      "STATS_URL",
    ]);
    expect(String(error)).not.toContain("-9");
  });
});

function catchError(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
