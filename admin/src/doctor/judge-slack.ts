import { type Finding, good, problem } from "./finding.ts";
import type { SlackObservations } from "./observation.ts";

/** What the bot's manifest asks for (bot/manifest.socket.yaml); a test compares the two. */
export const BOT_SCOPES: readonly string[] = [
  "app_mentions:read",
  "channels:read",
  "chat:write",
  "commands",
  "groups:read",
  "im:history",
  "im:read",
  "mpim:read",
];

/** Whether the bot's Slack tokens would do. */
export function judgeSlack({ bot, socket }: SlackObservations): readonly Finding[] {
  if (bot.failure !== undefined) return [unreachable(bot.failure)];
  if (bot.refusal !== undefined) {
    const advice = "Copy the Bot User OAuth Token of the installed app once more; install the app if it is not.";
    return [problem("SLACK_TOKEN_REFUSED", `Slack does not take the bot token (${bot.refusal}).`, advice)];
  }
  return [judgeScopes(bot.scopes), ...(socket === undefined ? [] : [judgeSocket(socket)])];
}

function judgeScopes(scopes: readonly string[]): Finding {
  const missing = BOT_SCOPES.filter((scope) => !scopes.includes(scope));
  if (missing.length === 0) return good("SLACK_TOKEN_GOOD", "Slack takes the bot token, and it has every scope.");
  const advice = "Add them under OAuth & Permissions, and install the app again.";
  return problem("SLACK_SCOPES_MISSING", `The bot token lacks the scopes ${missing.join(", ")}.`, advice);
}

function judgeSocket({ failure, refusal }: SlackObservations["bot"]): Finding {
  if (failure !== undefined) return unreachable(failure);
  if (refusal === undefined) return good("SLACK_SOCKET_GOOD", "Socket Mode can be opened with the app token.");
  const advice = "Switch Socket Mode on, and make the app-level token with the scope connections:write.";
  return problem("SLACK_SOCKET_REFUSED", `Slack does not open Socket Mode with the app token (${refusal}).`, advice);
}

function unreachable(failure: string): Finding {
  const advice = "Check that this machine may reach slack.com, or SLACK_API_URL.";
  return problem("SLACK_UNREACHABLE", `Slack cannot be reached (${failure}).`, advice);
}
