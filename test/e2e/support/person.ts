import { type ChatClient, type Message, openChat } from "../../support/chat-client.ts";

const GENERAL = "C0GENERAL";
const ANSWER_TIMEOUT_MS = 15_000;
/** The working state that an answer replaces. */
const WORKING = /^(?:⏳ )?Looking up/u;

export interface Person extends Pick<ChatClient, "close"> {
  /** Types a line into #general, a slash command or a message with `@stats`, and resolves with the bot's finished answer. */
  ask(line: string): Promise<Message>;
}

export async function joinChat(chatUrl: string, personId = "U0ADA"): Promise<Person> {
  const chat = await openChat(chatUrl, personId);
  const { bot } = await chat.state();
  return {
    close: () => chat.close(),
    async ask(line) {
      const answer = chat.message(({ author, text }) => author === bot.id && !WORKING.test(text), ANSWER_TIMEOUT_MS);
      if (line.startsWith("/")) await chat.command(GENERAL, line);
      else await chat.post(GENERAL, line);
      return answer;
    },
  };
}
