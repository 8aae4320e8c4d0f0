import type { Environment } from "@gatehouse/service";
import type { LocalDeps } from "./deps.ts";
import { LOCAL_PEOPLE } from "./identity-provider-people.ts";
import { createWorkspace } from "./workspace/workspace.ts";

export interface StartedChat {
  readonly url: string;
  /** Slack's variables, as the bot reads them, and who its admins are. */
  readonly env: Environment;
}

/** Who sees `/stats admin`, and is told of rotations; the others see that they do not. */
const ADMINS: ReadonlySet<string> = new Set(["ada", "grace"]);
/** Of #operations, where the bot tells before its service token ends. */
const ADMIN_CHANNEL = "C0OPERATIONS";
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
  // The workspace makes a person's id of their name; see its README.
  const admins = people.filter(({ id }) => ADMINS.has(id)).map(({ id }) => `U0${id.toUpperCase()}`);
  const env = { SLACK_API_URL: apiUrl, SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken };
  return { url, env: { ...env, BOT_ADMINS: admins.join(","), BOT_ADMIN_CHANNEL: ADMIN_CHANNEL } };
}
