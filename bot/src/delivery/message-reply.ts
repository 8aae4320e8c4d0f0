import type { RespondFn } from "@slack/bolt";
import type { Message } from "../messages/blocks.ts";
import { type Place, post, respondWith, type SlackClient, sendAnswer } from "./post.ts";
import type { Reply } from "./reply.ts";

export interface PressedMessage extends Place {
  readonly ts: string;
  /** Only the person who pressed sees the message. */
  readonly isEphemeral: boolean;
}

/** Answers a press of a button in a message of ours by turning that message into the answer. */
export function createMessageReply(respond: RespondFn, pressed: PressedMessage): Reply {
  const whisper = (message: Message): Promise<void> => respondWith(respond, message, besideIn(pressed));
  return {
    // The button shows that it was pressed until we acknowledge; the message itself must survive a failure.
    working: () => undefined,
    answer: async (messages) => {
      await sendAnswer(messages, (message) => respondWith(respond, message, { replace_original: true }));
      return pressed.ts;
    },
    say: whisper,
    whisper,
  };
}

/** Answers a choice made in a message that only the asker saw: the answer is for all, and the private message goes. */
export function createChoiceReply(client: SlackClient, respond: RespondFn, pressed: PressedMessage): Reply {
  const whisper = (message: Message): Promise<void> =>
    respondWith(respond, message, { ...besideIn(pressed), replace_original: true });
  return {
    working: () => undefined,
    answer: async (messages) => {
      const posted = await sendAnswer(messages, (message) => post(client, pressed, message));
      await respond({ delete_original: true }).catch(() => undefined);
      return posted.ts;
    },
    say: whisper,
    whisper,
  };
}

function besideIn({ threadTs }: PressedMessage): {
  response_type: "ephemeral";
  replace_original: boolean;
  thread_ts?: string;
} {
  return {
    response_type: "ephemeral",
    replace_original: false,
    ...(threadTs !== undefined && { thread_ts: threadTs }),
  };
}
