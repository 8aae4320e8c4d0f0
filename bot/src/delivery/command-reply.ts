import type { RespondFn } from "@slack/bolt";
import { WebAPIPlatformError } from "@slack/web-api";
import type { Message } from "../messages/blocks.ts";
import { createPlaceholder } from "./placeholder.ts";
import { respondWith, type SlackClient, sendAnswer } from "./post.ts";
import type { Reply } from "./reply.ts";

export interface CommandPlace {
  readonly channel: string;
  /** Only the asker sees the answer. */
  readonly isPrivate: boolean;
}

/** Answers a slash command: numbers for the whole channel, questions back and failures for the asker alone. */
export function createCommandReply(
  client: SlackClient,
  respond: RespondFn,
  { channel, isPrivate }: CommandPlace,
): Reply {
  const placeholder = createPlaceholder(client, { channel });
  const whisper = async (message: Message): Promise<undefined> => {
    await placeholder.clear();
    await respondWith(respond, message, { response_type: "ephemeral" });
  };
  const announce = async (message: Message): Promise<string | undefined> => {
    try {
      return (await placeholder.become(message)).ts;
    } catch (error) {
      if (!isNotMember(error)) throw error;
      // A response URL reaches channels that we are not in.
      await respondWith(respond, message, { response_type: "in_channel" });
      return undefined;
    }
  };
  return {
    working: (question) => {
      if (!isPrivate) placeholder.show(question);
    },
    answer: (messages) => sendAnswer<string | undefined>(messages, isPrivate ? whisper : announce),
    say: whisper,
    whisper,
  };
}

function isNotMember(error: unknown): boolean {
  return error instanceof WebAPIPlatformError && /^(?:not_in_channel|channel_not_found)$/.test(error.data.error);
}
