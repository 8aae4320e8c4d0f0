import { answerQuestion } from "../answering/answer-question.ts";
import type { Services } from "../answering/services.ts";
import { isSharedEnvelope } from "../audience.ts";
import { createDirectReply } from "../delivery/direct-reply.ts";
import { post, type SlackClient } from "../delivery/post.ts";
import { sharedChannelMessage } from "../messages/problem.ts";
import { threadKey } from "../thread-memory.ts";

export interface DirectMessageArgs {
  readonly client: SlackClient;
  readonly body: { readonly event_id: string };
  /** Any message: edits, joins and other people's channels are passed over. */
  readonly message: {
    readonly channel: string;
    readonly ts: string;
    readonly channel_type?: string | undefined;
    readonly subtype?: string | undefined;
    readonly text?: string | undefined;
    readonly user?: string | undefined;
    readonly bot_id?: string | undefined;
    readonly thread_ts?: string | undefined;
  };
}

/** A direct message is a question; the conversation is one thread, so follow-ups work. */
export function createDirectMessageListener(
  services: Services,
  { allowSharedChannels }: { readonly allowSharedChannels: boolean },
) {
  return async ({ client, body, message }: DirectMessageArgs): Promise<void> => {
    const { channel, ts, user: userId, text = "", thread_ts: threadTs } = message;
    if (
      message.channel_type !== "im" ||
      message.subtype !== undefined ||
      message.bot_id !== undefined ||
      userId === undefined
    )
      return;
    if (
      !services.duplicates.isFirst(`event ${body.event_id}`) ||
      !services.duplicates.isFirst(`message ${channel} ${ts}`)
    )
      return;
    await services.jobs.run(async () => {
      if (!allowSharedChannels && isSharedEnvelope(body)) {
        await post(client, { channel, threadTs }, sharedChannelMessage());
        return;
      }
      const asked = {
        surface: "message" as const,
        userId,
        channelId: channel,
        text,
        thread: threadKey(channel, threadTs),
      };
      await answerQuestion(asked, createDirectReply(client, { channel, threadTs }), services);
    });
  };
}
