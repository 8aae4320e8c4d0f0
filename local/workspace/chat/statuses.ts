import type { Message } from "../model.ts";
import type { Pushes } from "./pushes.ts";

/** What the bot says it does about a thread, such as `is counting…`. Not kept: it ends with the process. */
export interface Statuses {
  /** An empty text ends it. */
  set(channel: string, threadTs: string, text: string): void;
  /** The bot has answered: its status there ends; an answer outside threads ends all of the channel's. */
  endAt(answer: Pick<Message, "channel" | "threadTs">): void;
}

export function createStatuses(pushes: Pushes): Statuses {
  /** Channel → threads. */
  const working = new Map<string, Set<string>>();
  const set = (channel: string, threadTs: string, text: string) => {
    const threads = working.get(channel) ?? new Set();
    if (text === "") threads.delete(threadTs);
    else threads.add(threadTs);
    working.set(channel, threads);
    pushes.toChannel(channel, { type: "status", channel, threadTs, text });
  };
  return {
    set,
    endAt({ channel, threadTs }) {
      for (const ts of [...(working.get(channel) ?? [])]) if ((threadTs ?? ts) === ts) set(channel, ts, "");
    },
  };
}
