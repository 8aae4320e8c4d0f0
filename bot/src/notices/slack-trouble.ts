import { WebAPIPlatformError } from "@slack/web-api";
import { slackReason } from "../delivery/post.ts";

const CHANNEL = "invite the bot to the channel that BOT_ADMIN_CHANNEL names (/invite @stats), and check its id";
const USER = "check the user ids in BOT_ADMINS";

const ADVICE: Readonly<Partial<Record<string, string>>> = {
  not_in_channel: CHANNEL,
  channel_not_found: CHANNEL,
  is_archived: "the channel that BOT_ADMIN_CHANNEL names is archived: name another",
  restricted_action: "the channel's settings keep the bot from posting: allow it, or name another in BOT_ADMIN_CHANNEL",
  user_not_found: USER,
  user_disabled: USER,
  cannot_dm_bot: USER,
  messages_tab_disabled: "turn on the app's Messages tab (App Home), as bot/manifest.socket.yaml has it",
  missing_scope: "give the Slack app the scope, as bot/manifest.socket.yaml has it, and install it again",
};

/** Why Slack did not take a notice, in its own word, and what to do about it; for the log. */
export function slackTrouble(error: unknown): { readonly reason: string; readonly advice: string } {
  const reason = slackReason(error);
  const needed = error instanceof WebAPIPlatformError ? (error.data as { needed?: unknown }).needed : undefined;
  return {
    reason: typeof needed === "string" ? `${reason}: ${needed}` : reason,
    advice: ADVICE[reason] ?? "it is tried again",
  };
}
