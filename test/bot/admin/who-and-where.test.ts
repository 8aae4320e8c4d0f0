import nock from "nock";
import { afterEach, describe, expect, test } from "vitest";
import { recordApi } from "../../admin/support/recorded-api.ts";
import { type BotFixture, type BotFixtureOptions, startBotFixture } from "../support/bot-fixture.ts";

let fixture: BotFixture;
afterEach(() => fixture.close());

async function open(options: BotFixtureOptions = {}): Promise<void> {
  fixture = await startBotFixture({ admins: { users: ["U1"] }, ...options });
}
const textOf = (method: string): string => JSON.stringify(fixture.slack.callsOf(method).map(({ args }) => args));

describe("who sees the card", () => {
  test("an admin, by the command: for their eyes alone", async () => {
    await open();
    await fixture.command(" Admin ");
    expect(fixture.slack.callsOf("respond")).toHaveLength(1);
    expect(fixture.slack.callsOf("respond")[0]?.args).toMatchObject({ response_type: "ephemeral" });
    expect(textOf("respond")).toContain("My service token");
    expect(fixture.slack.callsOf("chat.postMessage")).toEqual([]);
  });

  test("an admin, by a mention: for their eyes alone, in the thread only where there is one to be seen", async () => {
    await open();
    await fixture.mention("<@UBOT> admin");
    expect(fixture.slack.callsOf("chat.postEphemeral")[0]?.args).toMatchObject({ channel: "C1", user: "U1" });
    expect(textOf("chat.postEphemeral")).toContain("My service token");
    expect(fixture.slack.callsOf("chat.postEphemeral")[0]?.args).not.toHaveProperty("thread_ts");
    await fixture.mention("<@UBOT> admin", { thread_ts: "1800000000.000001" });
    expect(fixture.slack.callsOf("chat.postEphemeral")[1]?.args).toMatchObject({ thread_ts: "1800000000.000001" });
    expect(fixture.slack.callsOf("chat.postMessage")).toEqual([]);
  });

  test.each(["admin", "admin rotate", "Rotate!"])("an admin, in a direct message: %s", async (text) => {
    await open();
    await fixture.directMessage(text);
    expect(textOf("chat.postMessage")).toContain("My service token");
  });

  test.each(["command", "mention", "directMessage"] as const)(
    "anybody else is told who may, kindly, and nothing of the token: %s",
    async (surface) => {
      await open();
      const user = surface === "command" ? { user_id: "U9" } : { user: "U9" };
      await fixture[surface](surface === "mention" ? "<@UBOT> admin" : "admin", user);
      const all = JSON.stringify(fixture.slack.calls);
      expect(all).toContain("This is for my admins. Please ask <@U1>.");
      expect(all).not.toMatch(/Expires|access`|hit rate/);
      expect(textOf("chat.postMessage").includes("my admins")).toBe(surface === "directMessage");
      expect(fixture.stats.calls).toEqual([]);
    },
  );

  test("nobody, where no admin is named: whoever runs the bot learns the variable", async () => {
    await open({ admins: { users: [] } });
    await fixture.command("admin");
    expect(textOf("respond")).toContain("BOT_ADMINS");
  });

  test("nobody in a channel that another company reads", async () => {
    await open();
    fixture.slack.answer("conversations.info", { body: { ok: true, channel: { id: "C1", is_ext_shared: true } } });
    await fixture.command("admin");
    expect(textOf("respond")).toContain("shared with another company");
    expect(textOf("respond")).not.toContain("token");
  });
});

describe("what the card knows without an API token", () => {
  test("its own view of things, and what to set", async () => {
    await open();
    await fixture.command("signups");
    await fixture.command("admin");
    const card = textOf("respond");
    for (const part of ["not known: this gateway does not tell me", "that needs an API token", "CLOUDFLARE_API_TOKEN"])
      expect(card).toContain(part);
    expect(card).toContain("newest event 1 minute ago");
    expect(card).not.toContain("admin_rotate");
  });

  test("also while the statistics app is down, or answers nonsense", async () => {
    await open();
    await fixture.command("signups");
    fixture.stats.respond = (_request, response) => void response.writeHead(503).end("{}");
    await fixture.command("admin");
    expect(textOf("respond")).toContain("The statistics app does not answer me");
    fixture.stats.respond = (request, response) =>
      void response.end(request.url === "/api/v1/me" ? '{"kind":"service"}' : "<html>");
    await fixture.command("admin");
    expect(textOf("respond")).toContain("✗ cannot be had");
  });

  test("also while the gateway refuses, with its reason and what to do", async () => {
    await open();
    fixture.stats.respond = (_request, response) => {
      const headers = { "content-type": "application/json", "cf-access-aud": "a".repeat(64) };
      const body = { error: "unauthorized", reason: "service_token_expired", message: "", status_code: 401, aud: "" };
      response.writeHead(401, headers).end(JSON.stringify(body));
    };
    await fixture.command("admin");
    const card = textOf("respond");
    expect(card).toContain("🔴 *The gateway does not let me in*");
    expect(card).toContain("Ask an admin to refresh or replace the service token.");
    expect(card).toContain("not known while nothing gets through the gateway");
  });

  test("also while the app behind the gateway is away, as the gateway says it", async () => {
    await open();
    await fixture.command("signups yesterday");
    fixture.stats.respond = (_request, response) => {
      const body = { error: "unavailable", reason: "origin_unreachable", message: "It is away.", status_code: 503 };
      response.writeHead(503, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    await fixture.command("admin");
    const card = textOf("respond");
    expect(card).toContain("🔴 *The statistics app does not answer me*");
    expect(card).toContain("The gateway refused: 503 origin_unreachable It is away.");
  });

  test("also while nothing answers, which is no refusal", async () => {
    await open();
    fixture.stats.respond = (request) => void request.socket.destroy();
    await fixture.command("admin");
    expect(textOf("respond")).toContain("🔴 *I cannot get through the gateway right now*");
  });

  test("pressed afresh, the card is drawn anew in its place", async () => {
    await open();
    await fixture.press({ action_id: "admin_refresh", value: "admin" });
    expect(fixture.slack.callsOf("respond")[0]?.args).toMatchObject({ replace_original: true });
    expect(textOf("respond")).toContain("My service token");
  });

  test("pressed afresh by somebody else, it tells nothing", async () => {
    await open();
    await fixture.press({ action_id: "admin_refresh", value: "admin" }, { user: { id: "U9", team_id: "T1" } });
    expect(textOf("respond")).not.toContain("My service token");
  });
});

describe("what the card knows from Cloudflare's API", () => {
  const api = recordApi();
  afterEach(() => api.close());

  test("name, end and version, by the client id", async () => {
    nock.enableNetConnect("127.0.0.1");
    const made = await fetch(
      `https://api.cloudflare.com/client/v4/accounts/${api.env.CLOUDFLARE_ACCOUNT_ID}/access/service_tokens`,
      {
        method: "POST",
        headers: { authorization: `Bearer ${api.env.CLOUDFLARE_API_TOKEN}` },
        body: JSON.stringify({ name: "stats bot" }),
      },
    );
    const { result } = (await made.json()) as { result: { client_id: string } };
    const credentials = { name: "fixed", read: () => ({ clientId: result.client_id, clientSecret: "x" }) };
    const adminApi = {
      baseUrl: "https://api.cloudflare.com/client/v4",
      accountId: api.env.CLOUDFLARE_ACCOUNT_ID,
      apiToken: api.env.CLOUDFLARE_API_TOKEN,
    };
    await open({ stats: { credentials }, adminApi });
    await fixture.command("admin");
    const card = textOf("respond");
    for (const part of ["Service token “stats bot”", "version 1", "23 Nov 2027, 00:00 UTC"])
      expect(card).toContain(part);
    expect(card).not.toContain(api.env.CLOUDFLARE_API_TOKEN);
  });
});
