import { staticCredentials } from "@gatehouse/access-client";
import { createLogger } from "@gatehouse/service";
import type { App, ReceiverEvent } from "@slack/bolt";
import { type Bot, type BotConfig, createBot } from "../../../bot/src/index.ts";
import type { SlackLink } from "../../../bot/src/slack/link.ts";
import { createDatabase } from "../../gateway/support/stores.ts";
import { catalogue } from "./catalogue.ts";
import { type SlackFixture, startSlackFixture } from "./slack-fixture.ts";
import { type StatsFixture, startStatsFixture } from "./stats-fixture.ts";

export const BOT_TOKEN = "xoxb-fixture-bot-token-0001";
export const CLIENT_SECRET = "fixture-client-secret-0001";

/** Monday evening. */
const NOW_MS = Date.parse("2026-11-23T18:00:00Z");

export interface BotFixture {
  readonly bot: Bot;
  readonly slack: SlackFixture;
  readonly stats: StatsFixture;
  readonly logs: string[];
  /** Hands the bot what Slack would send, and waits until it is dealt with. Resolves with what was acknowledged. */
  send(body: object): Promise<{ acks: unknown[] }>;
  command(text: string, rest?: object): Promise<{ acks: unknown[] }>;
  mention(text: string, rest?: object, envelope?: object): Promise<{ acks: unknown[] }>;
  directMessage(text: string, rest?: object, envelope?: object): Promise<{ acks: unknown[] }>;
  press(action: object, rest?: object): Promise<{ acks: unknown[] }>;
  close(): Promise<void>;
}

export interface BotFixtureOptions extends Partial<Omit<BotConfig, "stats">> {
  readonly statsTimeoutMs?: number;
  /** Default: a Monday evening that does not pass. */
  readonly now?: () => number;
  /** In place of the recording stats app. */
  readonly stats?: Partial<BotConfig["stats"]>;
}

/** A whole bot between two recording servers, with events handed in by a fake receiver. */
export async function startBotFixture({
  allowSharedChannels = false,
  statsTimeoutMs = 1_000,
  now = () => NOW_MS,
  stats: statsChanges = {},
  ...changes
}: BotFixtureOptions = {}): Promise<BotFixture> {
  const slack = await startSlackFixture();
  const stats = await startStatsFixture(catalogue);
  const logs: string[] = [];
  const database = await createDatabase("SQLite");
  let app: App | undefined;
  const link: SlackLink = {
    receiver: {
      init: (given) => {
        app = given;
      },
      start: async () => undefined,
      stop: async () => undefined,
    },
    start: async () => ({}),
    stop: async () => undefined,
  };
  const config: BotConfig = {
    slack: { botToken: BOT_TOKEN, apiUrl: slack.apiUrl, transport: { kind: "socket", appToken: "xapp-fixture" } },
    stats: {
      url: stats.url,
      credentials: staticCredentials({ clientId: `${"a".repeat(32)}.access`, clientSecret: CLIENT_SECRET }),
      timeoutMs: statsTimeoutMs,
      ...statsChanges,
    },
    admins: { users: [] },
    databaseUrl: database.url,
    allowSharedChannels,
    logLevel: "info",
    ...changes,
  };
  const logger = createLogger({ app: "bot", level: "debug", destination: { write: (line) => logs.push(line) } });
  const bot = createBot(config, { logger, now, link });
  await bot.start();
  let count = 0;
  const send = async (body: object): Promise<{ acks: unknown[] }> => {
    const acks: unknown[] = [];
    const event: ReceiverEvent = {
      body: body as Record<string, unknown>,
      ack: async (response?: unknown) => void acks.push(response),
    };
    await app?.processEvent(event);
    return { acks };
  };
  const next = (): string => {
    count += 1;
    return String(count);
  };
  const common = {
    team_id: "T1",
    api_app_id: "A1",
    authorizations: [{ team_id: "T1", user_id: "UBOT", is_bot: true, is_enterprise_install: false }],
  };
  return {
    bot,
    slack,
    stats,
    logs,
    send,
    command: (text, rest = {}) =>
      send({
        command: "/stats",
        text,
        team_id: "T1",
        channel_id: "C1",
        channel_name: "general",
        user_id: "U1",
        user_name: "ada",
        trigger_id: `t${next()}`,
        response_url: slack.responseUrl,
        api_app_id: "A1",
        ...rest,
      }),
    mention: (text, rest = {}, envelope = {}) =>
      send({
        ...common,
        type: "event_callback",
        event_id: `Ev${next()}`,
        event: { type: "app_mention", channel: "C1", user: "U1", ts: `1800000000.00000${next()}`, text, ...rest },
        ...envelope,
      }),
    directMessage: (text, rest = {}, envelope = {}) =>
      send({
        ...common,
        type: "event_callback",
        event_id: `Ev${next()}`,
        event: {
          type: "message",
          channel: "D1",
          channel_type: "im",
          user: "U1",
          ts: `1800000000.00000${next()}`,
          text,
          ...rest,
        },
        ...envelope,
      }),
    press: (action, rest = {}) =>
      send({
        type: "block_actions",
        team: { id: "T1" },
        user: { id: "U1", team_id: "T1" },
        api_app_id: "A1",
        trigger_id: `t${next()}`,
        response_url: slack.responseUrl,
        container: { type: "message", message_ts: "1700000000.000001", channel_id: "C1", is_ephemeral: false },
        channel: { id: "C1", name: "general" },
        actions: [{ type: "button", block_id: "b", ...action }],
        ...rest,
      }),
    close: async () => {
      await bot.stop(1_000);
      await Promise.all([slack.close(), stats.close()]);
      database.remove();
    },
  };
}
