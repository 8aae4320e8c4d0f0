import type { Environment } from "@gatehouse/service";
import type { LocalDeps } from "./deps.ts";
import { LOCAL_PEOPLE } from "./identity-provider-people.ts";
import { createWorkspace } from "./workspace/workspace.ts";

export interface StartedChat {
  readonly url: string;
  /** Slack's variables, as the bot reads them. */
  readonly env: Environment;
}

const COMPANY_DOMAIN = "@acme.example";

/** Starts the local chat workspace, with the same people as the identity provider's company. */
export async function startChat({ settings, loggerFor, now, onStop }: LocalDeps): Promise<StartedChat> {
  const people = LOCAL_PEOPLE.filter(({ email }) => email.endsWith(COMPANY_DOMAIN));
  const workspace = await createWorkspace(
    {
      host: "127.0.0.1",
      port: settings.chatPort,
      portVariable: "LOCAL_CHAT_PORT",
      dataFile: `${settings.dataFolder}/workspace.sqlite`,
      team: "Acme Notes",
      botName: "stats",
      people: people.map(({ id, name, email, about }) => ({ name: id, realName: name, email, title: about })),
    },
    { logger: loggerFor("workspace"), now },
  );
  onStop(() => workspace.close());
  await workspace.listen();
  const { url, apiUrl, botToken, appToken } = workspace;
  return { url, env: { SLACK_API_URL: apiUrl, SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken } };
}
