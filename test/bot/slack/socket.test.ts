import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { staticCredentials } from "@gatehouse/access-client";
import { createLogger } from "@gatehouse/service";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { type Bot, type BotConfig, type BotError, createBot } from "../../../bot/src/index.ts";
import { catalogue } from "../support/catalogue.ts";
import { type SlackFixture, startSlackFixture } from "../support/slack-fixture.ts";
import { type StatsFixture, startStatsFixture } from "../support/stats-fixture.ts";

let slack: SlackFixture;
let stats: StatsFixture;
let bot: Bot;
let sockets: WebSocketServer;
let server: ReturnType<typeof createServer>;
const open: WebSocket[] = [];
const received: { envelope_id: string }[] = [];
const fatal: BotError[] = [];

beforeEach(async () => {
  open.length = received.length = fatal.length = 0;
  slack = await startSlackFixture();
  stats = await startStatsFixture(catalogue);
  server = createServer();
  sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) => {
    open.push(socket);
    socket.on("message", (data) => received.push(JSON.parse(String(data)) as { envelope_id: string }));
    socket.send(JSON.stringify({ type: "hello", num_connections: 1, connection_info: { app_id: "A1" } }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  slack.answer("apps.connections.open", {
    body: { ok: true, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` },
  });
  const config: BotConfig = {
    slack: { botToken: "xoxb-1", apiUrl: slack.apiUrl, transport: { kind: "socket", appToken: "xapp-1" } },
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
  bot = createBot(config, {
    logger: createLogger({ app: "bot", level: "silent" }),
    onFatal: (error) => fatal.push(error),
  });
  await bot.start();
});
afterEach(async () => {
  await bot.stop(1_000);
  sockets.close();
  server.close();
  server.closeAllConnections();
  await Promise.all([slack.close(), stats.close()]);
});

const envelope = (id: string, triggerId: string): string =>
  JSON.stringify({
    envelope_id: id,
    type: "slash_commands",
    accepts_response_payload: true,
    payload: {
      command: "/stats",
      text: "signups",
      team_id: "T1",
      channel_id: "C1",
      user_id: "U1",
      trigger_id: triggerId,
      response_url: slack.responseUrl,
    },
  });

describe("Socket Mode", () => {
  test("an envelope is acknowledged by its id, and its question answered once however often it comes", async () => {
    open[0]?.send(envelope("e1", "t1"));
    open[0]?.send(envelope("e2", "t1"));
    await expect.poll(() => received.map((ack) => ack.envelope_id)).toEqual(["e1", "e2"]);
    await expect.poll(() => slack.callsOf("chat.update").length).toBe(1);
    await bot.stop(1_000);
    expect(slack.callsOf("chat.postMessage")).toHaveLength(1);
  });

  test("calls of its own are tried three times more, not a hundred as Socket Mode's are", async () => {
    slack.answer("conversations.info", { body: {}, status: 500 });
    open[0]?.send(envelope("e1", "t1"));
    await expect.poll(() => slack.callsOf("respond").length, { timeout: 15_000 }).toBe(1);
    expect(slack.callsOf("conversations.info")).toHaveLength(4);
  });

  test("it connects again when Slack recycles the socket", async () => {
    open[0]?.send(JSON.stringify({ type: "disconnect", reason: "refresh_requested" }));
    await expect.poll(() => open.length, { timeout: 10_000 }).toBe(2);
    open[1]?.send(envelope("e1", "t1"));
    await expect.poll(() => slack.callsOf("chat.update").length).toBe(1);
    expect(fatal).toEqual([]);
  });

  test("a connection that cannot be had again is fatal, rather than a silence or an unhandled rejection", async () => {
    slack.answer("apps.connections.open", { body: { ok: false, error: "invalid_auth" } });
    open[0]?.close();
    await expect
      .poll(() => fatal.map((error) => error.code), { timeout: 10_000 })
      .toEqual(["ERR_BOT_SLACK_CONNECTION_LOST"]);
  });
});
