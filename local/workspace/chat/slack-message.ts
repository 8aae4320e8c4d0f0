import type { Identities } from "../identities.ts";
import type { Message, SharedFile } from "../model.ts";

/** A message as the Web API and the events show it. https://docs.slack.dev/reference/events/message */
export function toSlackMessage(message: Message, identities: Identities): Record<string, unknown> {
  const { team, bot, appId } = identities;
  const { thread, reactions, files } = message;
  return {
    type: "message",
    user: message.author,
    ts: message.ts,
    text: message.text,
    team: team.id,
    ...(message.author === bot.id && { bot_id: bot.botId, app_id: appId }),
    ...(message.blocks && { blocks: message.blocks }),
    ...(message.threadTs && { thread_ts: message.threadTs }),
    ...(message.isBroadcast && { subtype: "thread_broadcast" }),
    ...(message.editedTs && { edited: { user: message.author, ts: message.editedTs } }),
    ...(message.metadata !== undefined && { metadata: message.metadata }),
    ...(reactions && { reactions: reactions.map(({ name, users }) => ({ name, users, count: users.length })) }),
    ...(files && { files: files.map(toSlackFile) }),
    ...(thread && {
      thread_ts: message.ts,
      reply_count: thread.replies,
      reply_users: thread.authors,
      reply_users_count: thread.authors.length,
      latest_reply: thread.latestTs,
    }),
  };
}

export function toSlackFile({ id, name, title, mimeType, bytes }: SharedFile): Record<string, unknown> {
  return { id, name, title, mimetype: mimeType, filetype: name.split(".").at(-1) ?? "", size: bytes, mode: "hosted" };
}
