import { BoundedMap } from "../bounded-map.ts";
import type { Message } from "../model.ts";
import type { MessageStore } from "../store/message-store.ts";

/** Where messages lie: those for everyone on disk, those for one person in this process only, as in Slack. */
export interface Shelf {
  save(message: Message): void;
  delete(message: Message): void;
  find(channel: string, ts: string): Message | undefined;
}

/** So many messages for one person stay known to their buttons. */
const MAX_EPHEMERAL = 500;

export function createShelf(messages: MessageStore): Shelf {
  const ephemeral = new BoundedMap<string, Message>(MAX_EPHEMERAL);
  return {
    save(message) {
      if (message.onlyFor === undefined) return messages.save(message);
      ephemeral.set(message.ts, message);
    },
    delete({ channel, ts }) {
      ephemeral.delete(ts);
      messages.delete(channel, ts);
    },
    find(channel, ts) {
      const own = ephemeral.get(ts);
      return own?.channel === channel ? own : messages.find(channel, ts);
    },
  };
}
