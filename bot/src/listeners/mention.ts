import { answerQuestion } from "../answering/answer-question.ts";
import type { Services } from "../answering/services.ts";
import { isSharedEnvelope } from "../audience.ts";
import { postPrivately, type SlackClient } from "../delivery/post.ts";
import { createThreadReply } from "../delivery/thread-reply.ts";
import { sharedChannelMessage } from "../messages/problem.ts";
import { threadKey } from "../thread-memory.ts";

export interface MentionArgs {
  readonly client: SlackClient;
  readonly body: { readonly event_id: string };
  readonly event: {
    readonly channel: string;
    readonly ts: string;
    readonly text: string;
    readonly user?: string | undefined;
    readonly bot_id?: string | undefined;
    readonly thread_ts?: string | undefined;
  };
}

/** `@stats QUESTION` in a channel, answered in its thread. */
export function createMentionListener(
  services: Services,
  { allowSharedChannels }: { readonly allowSharedChannels: boolean },
) {
  return async ({ client, body, event }: MentionArgs): Promise<void> => {
    const { channel, ts, text, user: userId, bot_id: botId } = event;
    if (userId === undefined || botId !== undefined) return;
    // Both keys: Slack redelivers an event by its id, and a mention may also arrive as a message.
    if (
      !services.duplicates.isFirst(`event ${body.event_id}`) ||
      !services.duplicates.isFirst(`message ${channel} ${ts}`)
    )
      return;
    const place = { channel, threadTs: event.thread_ts ?? ts, userId, isNew: event.thread_ts === undefined };
    await services.jobs.run(async () => {
      if (!allowSharedChannels && isSharedEnvelope(body)) {
        return postPrivately(client, { channel, threadTs: event.thread_ts }, userId, sharedChannelMessage());
      }
      const asked = {
        surface: "mention" as const,
        userId,
        channelId: channel,
        text,
        thread: threadKey(channel, place.threadTs),
      };
      await answerQuestion(asked, createThreadReply(client, place), services);
    });
  };
}
