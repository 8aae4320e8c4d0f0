import { RespondError, type RespondFn } from "@slack/bolt";
import type { KnownBlock } from "@slack/types";
import { type ChatPostMessageArguments, WebAPIPlatformError, type WebClient } from "@slack/web-api";
import { BotError } from "../errors.ts";
import type { AnswerMessages } from "../messages/answer.ts";
import type { Message } from "../messages/blocks.ts";

/** The parts of Slack's client that replies use. */
export type SlackClient = Pick<WebClient, "chat" | "conversations" | "assistant" | "views">;

export interface Place {
  readonly channel: string;
  readonly threadTs?: string | undefined;
}

export interface Posted {
  readonly channel: string;
  readonly ts: string;
}

/** Nothing of ours needs a preview, and names of metrics must not become one. */
const NO_UNFURL = { unfurl_links: false, unfurl_media: false } as const;

/** Charts are newer than our types of them. */
function contentOf({ text, blocks }: Message): { text: string; blocks: KnownBlock[] } {
  return { text, blocks: blocks as unknown as KnownBlock[] };
}

export async function post(
  client: Pick<SlackClient, "chat">,
  { channel, threadTs }: Place,
  message: Message,
): Promise<Posted> {
  const args: ChatPostMessageArguments = {
    channel,
    ...contentOf(message),
    ...NO_UNFURL,
    ...(threadTs !== undefined && { thread_ts: threadTs }),
  };
  const posted = await client.chat.postMessage(args);
  return { channel: posted.channel ?? channel, ts: posted.ts ?? "" };
}

export async function update(client: SlackClient, { channel, ts }: Posted, message: Message): Promise<Posted> {
  await client.chat.update({ channel, ts, ...contentOf(message) });
  return { channel, ts };
}

export async function postPrivately(
  client: SlackClient,
  { channel, threadTs }: Place,
  user: string,
  message: Message,
): Promise<void> {
  await client.chat.postEphemeral({
    channel,
    user,
    ...contentOf(message),
    ...(threadTs !== undefined && { thread_ts: threadTs }),
  });
}

/** Removes a message of ours; that it is gone already is as good. */
export async function remove(client: SlackClient, { channel, ts }: Posted): Promise<void> {
  await client.chat.delete({ channel, ts }).catch(() => undefined);
}

/**
 * Sends the full answer, or the plain one where Slack does not take charts or tables (they are rolled out in steps).
 *
 * @throws {BotError} `ERR_BOT_SLACK_POST_FAILED`
 */
export async function sendAnswer<T>(messages: AnswerMessages, send: (message: Message) => Promise<T>): Promise<T> {
  try {
    try {
      return await send(messages.full);
    } catch (error) {
      if (!isAboutBlocks(error)) throw error;
      return await send(messages.plain);
    }
  } catch (cause) {
    throw new BotError("ERR_BOT_SLACK_POST_FAILED", `The answer could not be posted: ${slackReason(cause)}`, { cause });
  }
}

/** Slack's word for what went wrong: `not_in_channel`, `invalid_blocks`, … */
export function slackReason(error: unknown): string {
  if (error instanceof WebAPIPlatformError) return error.data.error;
  if (error instanceof RespondError) return `response URL, HTTP ${error.statusCode}`;
  return error instanceof Error ? error.name : "unknown";
}

const BLOCK_FAULTS = new Set(["invalid_blocks", "invalid_blocks_format", "unsupported_block", "invalid_attachments"]);

function isAboutBlocks(error: unknown): boolean {
  if (error instanceof WebAPIPlatformError) return BLOCK_FAULTS.has(error.data.error);
  // A response URL says no more than the status; 404 means that it has expired.
  return error instanceof RespondError && error.statusCode >= 400 && error.statusCode < 500 && error.statusCode !== 404;
}

/** A response URL, as Bolt wraps it, as a way to send. */
export async function respondWith(
  respond: RespondFn,
  message: Message,
  how: { response_type?: "in_channel" | "ephemeral"; replace_original?: boolean; thread_ts?: string },
): Promise<void> {
  await respond({ ...contentOf(message), ...NO_UNFURL, ...how });
}
