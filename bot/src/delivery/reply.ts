import type { AnswerMessages } from "../messages/answer.ts";
import type { Message } from "../messages/blocks.ts";

/** How to talk back to where a question came from. Each surface has its own; all keep the same promises. */
export interface Reply {
  /** Shows that work goes on; does not wait for it. Whatever ends the question also ends this. */
  working(question: string): void;
  /** Posts the answer; gives its timestamp where there is one. */
  answer(messages: AnswerMessages): Promise<string | undefined>;
  /** Asks back or explains. */
  say(message: Message): Promise<void>;
  /** Tells the asker, and nobody else where that is possible: what went wrong, or what is for admins. */
  whisper(message: Message): Promise<void>;
}
