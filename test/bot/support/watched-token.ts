import { createLogger } from "@gatehouse/service";
import { webApi } from "@slack/bolt";
import type { AdminsConfig } from "../../../bot/src/config.ts";
import { createTokenWatch, type TokenWatch } from "../../../bot/src/notices/token-watch.ts";
import { createDatabase, type StoreName } from "../../gateway/support/stores.ts";
import { type SlackFixture, startSlackFixture } from "./slack-fixture.ts";

export const CLIENT_ID = `${"c".repeat(32)}.access`;
export const DAY_MS = 24 * 3_600_000;
export const ADMINS: AdminsConfig = { channel: "C0OPS", users: ["U0ADA", "U0GRACE"] };

/** Replicas of one bot that watch one token, on one database, before one recording Slack. */
export interface WatchedToken {
  readonly clock: { nowMs: number };
  readonly slack: SlackFixture;
  readonly logs: string[];
  /** When the token ends, as the gateway would say. */
  expiresAt: string | undefined;
  daysLeft(days: number): void;
  /** @param postMessage in place of the one that reaches the recording Slack */
  openReplica(admins?: AdminsConfig, postMessage?: () => Promise<never>): Promise<TokenWatch>;
  /** To whom something was posted, in order; what Slack refused too. */
  recipients(): unknown[];
  titles(): string[];
  close(): Promise<void>;
}

export async function watchToken(store: StoreName): Promise<WatchedToken> {
  const slack = await startSlackFixture();
  const database = await createDatabase(store);
  const clock = { nowMs: Date.parse("2026-11-24T12:00:00Z") };
  const logs: string[] = [];
  const opened: TokenWatch[] = [];
  const logger = createLogger({ app: "bot", destination: { write: (line) => logs.push(line) } });
  const posts = () => slack.callsOf("chat.postMessage");
  const it: WatchedToken = {
    clock,
    slack,
    logs,
    expiresAt: "2027-11-24T12:00:00.000Z",
    daysLeft: (days) => {
      clock.nowMs = Date.parse(it.expiresAt ?? "") - days * DAY_MS;
    },
    openReplica: async (admins = ADMINS, postMessage) => {
      const client = new webApi.WebClient("xoxb-fixture", { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
      if (postMessage !== undefined) client.chat.postMessage = postMessage;
      const watch = createTokenWatch(
        { admins, databaseUrl: database.url },
        {
          slack: client,
          readEnd: async () => ({ clientId: CLIENT_ID, ...(it.expiresAt && { expiresAt: it.expiresAt }) }),
          logger,
          now: () => clock.nowMs,
        },
      );
      await watch.start();
      opened.push(watch);
      return watch;
    },
    recipients: () => posts().map(({ args }) => args["channel"]),
    titles: () => posts().map(({ args }) => (args["blocks"] as { text: { text: string } }[])[0]?.text.text ?? ""),
    close: async () => {
      for (const watch of opened) await watch.stop(500);
      await slack.close();
      database.remove();
    },
  };
  return it;
}
