import { createLogger } from "@gatehouse/service";
import { webApi } from "@slack/bolt";
import { expect, onTestFinished, test } from "vitest";
import { createTokenWatch } from "../../../bot/src/notices/token-watch.ts";
import { createDatabase } from "../../gateway/support/stores.ts";
import { ADA, callApi, startWorkspace } from "../../local/support/workspace.ts";

const CLIENT_ID = `${"c".repeat(32)}.access`;
const OPS = "C0OPS";

test("in a workspace that behaves like Slack: refused until the bot is invited, then posted; a rotation goes to direct messages", async () => {
  const workspace = await startWorkspace({ channels: [{ name: "general" }, { name: "ops", hasBot: false }] });
  const database = await createDatabase("SQLite");
  const logs: string[] = [];
  let nowMs = Date.parse("2026-11-24T12:00:00Z");
  const watch = createTokenWatch(
    { admins: { channel: OPS, users: [ADA] }, databaseUrl: database.url },
    {
      slack: new webApi.WebClient(workspace.botToken, { slackApiUrl: workspace.apiUrl }),
      readEnd: async () => ({ clientId: CLIENT_ID, expiresAt: "2026-12-01T12:00:00Z" }),
      logger: createLogger({ app: "bot", destination: { write: (line) => logs.push(line) } }),
      now: () => nowMs,
    },
  );
  onTestFinished(async () => {
    await watch.stop(1_000);
    await workspace.close();
    database.remove();
  });
  const textsIn = async (channel: string) => {
    const { messages } = await callApi(workspace, "conversations.history", { channel });
    return (messages as { text: string }[]).map(({ text }) => text);
  };
  await watch.start();
  await watch.look();
  expect(logs.join("")).toMatch(/not_in_channel.*invite the bot/);

  await callApi(workspace, "conversations.join", { channel: OPS });
  nowMs += 60_000;
  watch.rotated({ origin: "https://stats.example.com", clientId: CLIENT_ID, pairId: "pair-2" });
  await watch.look();
  expect(await textsIn(OPS)).toEqual([expect.stringContaining("My service token ends in 7 days")]);
  const [direct] = await textsIn("D0ADA");
  expect(direct).toContain("My service token has a new secret");
});
