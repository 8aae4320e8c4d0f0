import { createPlaceholder } from "./placeholder.ts";
import { type Place, type SlackClient, sendAnswer } from "./post.ts";
import type { Reply } from "./reply.ts";

/** Answers in a direct conversation, where everything is private already: one message, first "looking up", then the answer. */
export function createDirectReply(client: SlackClient, place: Place): Reply {
  const placeholder = createPlaceholder(client, place);
  return {
    working: (question) => placeholder.show(question),
    answer: async (messages) => (await sendAnswer(messages, (message) => placeholder.become(message))).ts,
    say: async (message) => void (await placeholder.become(message)),
    whisper: async (message) => void (await placeholder.become(message)),
  };
}
