import { createLogger } from "@gatehouse/service";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readLocalSettings } from "../../local/settings.ts";
import { type RunningLocal, startLocal } from "../../local/start.ts";
import { botCredentials } from "./support/bot-credentials.ts";
import { localEnvironment } from "./support/local-environment.ts";
import { discard, type LocalStack, startLocalStack } from "./support/local-stack.ts";
import { joinChat } from "./support/person.ts";
import { slackEnvironment, startSlack } from "./support/slack.ts";

const silent = createLogger({ app: "test", level: "silent" });
let stack: LocalStack;

beforeAll(async () => {
  stack = await startLocalStack({ env: { LOCAL_SAMPLE_DATA: "false" } });
});
afterAll(() => discard(stack));

async function start(given: Record<string, string>): Promise<RunningLocal> {
  const env = { ...(await localEnvironment()), ...given };
  const ignore = () => undefined;
  const settings = readLocalSettings(env);
  return startLocal({ settings, env, loggerFor: () => silent, now: Date.now, onProgress: ignore, onFatal: ignore });
}

test("with STATS_URL the bot asks that app through its gateway, and none is started here", async () => {
  const { clientId, clientSecret } = botCredentials(stack.folder);
  const running = await start({
    STATS_URL: stack.dashboardUrl,
    CLOUDFLARE_ACCESS_CLIENT_ID: clientId,
    CLOUDFLARE_ACCESS_CLIENT_SECRET: clientSecret,
  });
  expect(running.dashboardUrl).toBeUndefined();
  expect(running.statsUrl).toBe(stack.dashboardUrl);
  const ada = await joinChat(String(running.chatUrl));
  expect((await ada.ask("@stats signups last week")).text).toContain("Signups");
  ada.close();
  await running.stop();
});

test("with Slack's variables the bot answers in that Slack, and no chat page is started here", async () => {
  const slack = await startSlack();
  const running = await start(slackEnvironment(slack));
  expect(running.chatUrl).toBeUndefined();
  const ada = await joinChat(slack.url);
  expect((await ada.ask("/stats signups last week")).text).toContain("Signups");
  ada.close();
  await running.stop();
  await slack.close();
});

test("half of Slack's variables is a configuration error, and what had started is stopped", async () => {
  await expect(start({ SLACK_BOT_TOKEN: ["xoxb", "1", "a"].join("-") })).rejects.toMatchObject({
    code: "ERR_CONFIG_INVALID",
    problems: [{ name: "SLACK_APP_TOKEN" }],
  });
});
