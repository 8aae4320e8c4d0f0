import type { Dispatcher } from "undici";
import { reasonOf } from "../reason-of.ts";
import type { SlackObservations } from "./observation.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface SlackDeps {
  readonly dispatcher: Dispatcher;
  readonly timeoutMs: number;
}

const DEFAULT_API = "https://slack.com/api/";

/**
 * Asks Slack about the bot's tokens: `auth.test` tells whether the bot token is good and, in a header, which scopes it has;
 * `apps.connections.open` whether the app token may open Socket Mode. Undefined without a bot token.
 */
export async function examineSlack(env: Environment, deps: SlackDeps): Promise<SlackObservations | undefined> {
  const { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_API_URL: api = DEFAULT_API } = env;
  if (!botToken) return undefined;
  const base = api.endsWith("/") ? api : `${api}/`;
  const bot = await call(`${base}auth.test`, botToken, deps);
  const socket = appToken ? await call(`${base}apps.connections.open`, appToken, deps) : undefined;
  return { bot, ...(socket !== undefined && { socket }) };
}

async function call(
  url: string,
  token: string,
  { dispatcher, timeoutMs }: SlackDeps,
): Promise<SlackObservations["bot"]> {
  try {
    const { origin, pathname: path } = new URL(url);
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/x-www-form-urlencoded" };
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await dispatcher.request({ origin, path, method: "POST", headers, body: "", signal });
    const { ok, error } = (await answer.body.json()) as { ok?: boolean; error?: string };
    const scopes = String(answer.headers["x-oauth-scopes"] ?? "");
    return {
      ...(ok !== true && { refusal: error ?? String(answer.statusCode) }),
      scopes: scopes.split(",").flatMap((scope) => scope.trim() || []),
    };
  } catch (cause) {
    return { failure: reasonOf(cause), scopes: [] };
  }
}
