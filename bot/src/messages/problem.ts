import { BotError, type BotErrorCode } from "../errors.ts";
import { context, type Message, section } from "./blocks.ts";
import { escapeMarkup, listed } from "./text.ts";

/** What a person is told, by code: what happened and what to do; the exact reason is in the log, under the request id. */
const ADVICE: Readonly<Record<BotErrorCode, string>> = {
  ERR_BOT_STATS_UNAUTHENTICATED:
    "The statistics app does not accept my credentials. Please tell an admin: my service token may have expired, or been disabled or revoked. Once that is mended, I notice within half a minute.",
  ERR_BOT_STATS_FORBIDDEN:
    "I am not allowed to see these statistics. Please ask an admin to include my service token in the application's policy.",
  ERR_BOT_STATS_QUERY_REFUSED:
    "The statistics app could not answer that question. Please put it differently, or type `help`.",
  ERR_BOT_STATS_TOO_MANY_POINTS:
    "That would be too many points for one answer. Please ask `per week` or `per month`, for a shorter period, or for fewer groups.",
  ERR_BOT_STATS_UNAVAILABLE: "The statistics app cannot be reached right now. Please try again in a minute.",
  ERR_BOT_STATS_TIMEOUT: "That took too long. Please try again, or ask for a shorter period or fewer groups.",
  ERR_BOT_STATS_ANSWER_INVALID: "The statistics app gave an answer that I cannot read. Please tell an admin.",
  ERR_BOT_SLACK_START_FAILED: "I cannot reach Slack properly. Please tell an admin.",
  ERR_BOT_SLACK_CONNECTION_LOST: "I lost the connection to Slack. Please try again in a minute.",
  ERR_BOT_SLACK_POST_FAILED: "I cannot post here. Please invite me to the channel, and ask again.",
};

const UNEXPECTED = "Something went wrong on my side. Please try again; if it stays, tell an admin.";

/** The answer to a question that failed. */
export function problemMessage(error: unknown, traceId: string): Message {
  const advice = error instanceof BotError ? `${ADVICE[error.code]}${suggested(error)}` : UNEXPECTED;
  return {
    text: `${advice} (request id ${traceId})`,
    blocks: [section(`⚠ ${advice}`), context([`Request id \`${traceId}\``])],
  };
}

function suggested({ suggestions }: BotError): string {
  if (suggestions.length === 0) return "";
  return ` Did you mean ${listed(
    suggestions.slice(0, 5).map((name) => `“${escapeMarkup(name)}”`),
    "or",
  )}?`;
}

/** Asked in a channel that another company can read. */
export function sharedChannelMessage(): Message {
  const text =
    "This channel is shared with another company, so I do not show statistics here. Please ask me in a direct message or in one of your own channels.";
  return { text, blocks: [section(text)] };
}

/** Told to the asker alone, above an answer that only they see. */
export function privateAnswerNote(): string {
  return "Only you can see this: I am not in this channel and cannot tell who reads it. Invite me to share answers here.";
}
