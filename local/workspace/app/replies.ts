import { z } from "zod";
import { checkMessageBlocks } from "../blocks/validate.ts";
import type { Chat } from "../chat/chat.ts";
import type { Block, Message } from "../model.ts";

/** Where an answer to a command or interaction goes. */
export interface ReplyTarget {
  readonly channel: string;
  readonly personId: string;
  /** The message whose button was used. */
  readonly source?: { readonly ts: string; readonly threadTs?: string };
}

const flag = z.boolean().optional();
const replySchema = z.looseObject({
  text: z.string().optional(),
  blocks: z.array(z.unknown()).optional(),
  response_type: z.enum(["ephemeral", "in_channel"]).optional(),
  replace_original: flag,
  delete_original: flag,
  thread_ts: z.string().optional(),
});

export type ReplyFailure = "invalid_payload" | "no_text" | "invalid_blocks";

/**
 * Does what the body of an acknowledgement or of a response URL asks: a new message, for one person unless it says
 * `in_channel`, or a change to the message that the button stood in. Returns why it could not.
 */
export function applyReply(
  body: unknown,
  target: ReplyTarget,
  deps: { readonly chat: Chat; readonly botUserId: string },
): ReplyFailure | undefined {
  const parsed = replySchema.safeParse(body);
  if (!parsed.success) return "invalid_payload";
  const reply = parsed.data;
  const original = target.source && deps.chat.find(target.channel, target.source.ts);
  if (reply.delete_original === true) {
    if (original !== undefined) deps.chat.remove(original);
    return undefined;
  }
  if (reply.text === undefined && reply.blocks === undefined) return "no_text";
  const checked = reply.blocks === undefined ? undefined : checkMessageBlocks(reply.blocks);
  if (checked !== undefined && "problems" in checked) return "invalid_blocks";
  const content = contentOf(reply.text, checked?.value);
  if (reply.replace_original === true && original !== undefined) {
    deps.chat.change(original, content);
    return undefined;
  }
  const isForAll = reply.response_type === "in_channel";
  const threadTs = reply.thread_ts ?? target.source?.threadTs;
  deps.chat.post({
    channel: target.channel,
    author: deps.botUserId,
    ...content,
    ...(threadTs !== undefined && { threadTs }),
    ...(!isForAll && { onlyFor: target.personId }),
  });
  return undefined;
}

function contentOf(text: string | undefined, blocks: Block[] | undefined): Pick<Message, "text" | "blocks"> {
  return { text: text ?? "", ...(blocks !== undefined && { blocks }) };
}
