import { context, type Message } from "../messages/blocks.ts";
import { quoteTyped } from "../messages/text.ts";
import { type Place, type Posted, post, remove, type SlackClient, update } from "./post.ts";

/** A message that says "looking it up" and then becomes the answer. Where it cannot be posted, there is none. */
export interface Placeholder {
  show(question: string): void;
  /** Turns it into `message`, or posts `message` where there was none. */
  become(message: Message): Promise<Posted>;
  /** Takes it away. */
  clear(): Promise<void>;
}

export function createPlaceholder(client: SlackClient, place: Place): Placeholder {
  let pending: Promise<Posted | undefined> = Promise.resolve(undefined);
  return {
    show: (question) => {
      pending = post(client, place, workingMessage(question)).catch(() => undefined);
    },
    become: async (message) => {
      const posted = await pending;
      return posted === undefined ? post(client, place, message) : update(client, posted, message);
    },
    clear: async () => {
      const posted = await pending;
      pending = Promise.resolve(undefined);
      if (posted !== undefined) await remove(client, posted);
    },
  };
}

function workingMessage(question: string): Message {
  const text = `Looking up ${quoteTyped(question, 200)} …`;
  return { text, blocks: [context([text])] };
}
