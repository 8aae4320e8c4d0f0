import { createLogger } from "@gatehouse/service";
import { createWorkspace, type Workspace } from "../../../local/workspace/workspace.ts";

/** A workspace that nothing of the product started: stands in for the company's Slack. The caller closes it. */
export async function startSlack(): Promise<Workspace> {
  const people = [{ name: "ada", realName: "Ada Okafor", email: "ada@acme.example" }];
  const workspace = await createWorkspace(
    { host: "127.0.0.1", port: 0, dataFile: ":memory:", team: "Elsewhere", botName: "stats", people },
    { logger: createLogger({ app: "test", level: "silent" }) },
  );
  await workspace.listen();
  return workspace;
}

/** Slack's variables for the bot. */
export function slackEnvironment({ apiUrl, botToken, appToken }: Workspace): Record<string, string> {
  return { SLACK_API_URL: apiUrl, SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken };
}
