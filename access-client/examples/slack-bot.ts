/**
 * A Slack bot that asks an app behind Access: `/report` in Slack shows the app's report. Slack's own requests cannot carry
 * headers, so it listens by Socket Mode and needs no door of its own. Run it:
 * `STATS_URL=https://stats.example.com SLACK_BOT_TOKEN=xoxb-… SLACK_APP_TOKEN=xapp-… node slack-bot.ts`
 */
import { AccessRequestError, createAccessClient } from "@gatehouse/access-client";
import { App } from "@slack/bolt";

const { STATS_URL = "", SLACK_API_URL = "https://slack.com/api/" } = process.env;
const { SLACK_BOT_TOKEN = "", SLACK_APP_TOKEN = "" } = process.env;
const client = createAccessClient({ origin: STATS_URL });
const app = new App({
  token: SLACK_BOT_TOKEN,
  appToken: SLACK_APP_TOKEN,
  socketMode: true,
  clientOptions: { slackApiUrl: SLACK_API_URL },
});
app.command("/report", async ({ ack, respond }) => {
  await ack(); // Slack waits for 3 s, the app may take longer
  try {
    const { statusCode, body } = await client.request("/report");
    const text = await body.text();
    await respond(statusCode === 200 ? text : `There is no report: the app answered ${statusCode}.`);
  } catch (error) {
    console.error(error instanceof AccessRequestError ? `${error.code}: ${error.message} ${error.advice}` : error);
    await respond("The report cannot be reached. Whoever runs this bot finds the reason in its log.");
  }
});
await app.start();
console.log("the bot listens");
