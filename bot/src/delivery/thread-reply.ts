import { clip } from "../messages/text.ts";
import { createPlaceholder } from "./placeholder.ts";
import { post, postPrivately, type SlackClient, sendAnswer } from "./post.ts";
import type { Reply } from "./reply.ts";

export interface ThreadPlace {
  readonly channel: string;
  readonly threadTs: string;
  readonly userId: string;
  /**
   * Whether the question begins the thread: a private message in a thread without messages is shown to nobody.
   * https://docs.slack.dev/reference/methods/chat.postEphemeral
   */
  readonly isNew: boolean;
}

/**
 * Answers a mention in its thread. While it works the thread shows a status rather than a message, so that the one
 * notification people get holds the numbers. Where Slack refuses the status, a placeholder stands in.
 */
export function createThreadReply(client: SlackClient, place: ThreadPlace): Reply {
  const { channel, threadTs, userId, isNew } = place;
  const placeholder = createPlaceholder(client, place);
  let shown: Promise<unknown> = Promise.resolve();
  const setStatus = (status: string): Promise<unknown> =>
    client.assistant.threads.setStatus({ channel_id: channel, thread_ts: threadTs, status });
  return {
    working: (question) => {
      shown = setStatus(`is looking up ${clip(question, 200)} …`).catch(() => placeholder.show(question));
    },
    // A message in the thread takes the status away by itself; a status that arrives after it would stay.
    answer: async (messages) => {
      await shown;
      return (await sendAnswer(messages, (message) => placeholder.become(message))).ts;
    },
    say: async (message) => {
      await shown;
      await post(client, place, message);
    },
    whisper: async (message) => {
      await shown;
      await Promise.all([placeholder.clear(), setStatus("").catch(() => undefined)]);
      await postPrivately(client, isNew ? { channel } : place, userId, message);
    },
  };
}
