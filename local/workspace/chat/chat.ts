import { withIds } from "../blocks/block-ids.ts";
import type { Identities } from "../identities.ts";
import type { Block, Message, Reaction } from "../model.ts";
import type { MessageStore } from "../store/message-store.ts";
import type { Pushes } from "./pushes.ts";
import { createShelf } from "./shelf.ts";
import { createStatuses } from "./statuses.ts";

export interface ChatDeps {
  readonly identities: Identities;
  readonly messages: MessageStore;
  readonly pushes: Pushes;
  readonly nextTs: () => string;
}

type Draft = Omit<Message, "ts" | "thread" | "editedTs" | "reactions">;

type Changes = Pick<Message, "text"> & { readonly blocks?: readonly Block[]; readonly metadata?: unknown };

/** What happens to messages, whoever causes it: kept, and shown to those who may see it. */
export interface Chat {
  post(draft: Draft): Message;
  change(message: Message, changes: Changes): Message;
  remove(message: Message): void;
  /** Returns false when the reaction was there (or, removing it, was not). */
  react(message: Message, name: string, userId: string, isAdded: boolean): boolean;
  find(channel: string, ts: string): Message | undefined;
  /** Shows what the bot is doing about a thread; an empty text ends it, and so does its next message there. */
  setStatus(channel: string, threadTs: string, text: string): void;
}

export function createChat({ identities, messages, pushes, nextTs }: ChatDeps): Chat {
  const shelf = createShelf(messages);
  const statuses = createStatuses(pushes);

  const announce = (type: "message" | "message_changed", message: Message) => {
    if (message.onlyFor === undefined) pushes.toChannel(message.channel, { type, message });
    else pushes.toPerson(message.onlyFor, { type, message });
  };
  const refreshParent = ({ channel, ts, threadTs, onlyFor }: Message) => {
    if (threadTs === undefined || threadTs === ts || onlyFor !== undefined) return;
    const parent = messages.find(channel, threadTs);
    if (parent !== undefined) announce("message_changed", parent);
  };
  const replace = (message: Message): Message => {
    shelf.save(message);
    announce("message_changed", message);
    return message;
  };

  return {
    find: shelf.find,
    setStatus: statuses.set,
    post(draft) {
      const message: Message = { ...withBlockIds(draft), ts: nextTs() };
      shelf.save(message);
      if (message.author === identities.bot.id) statuses.endAt(message);
      announce("message", message);
      refreshParent(message);
      return message;
    },
    change(message, changes) {
      const { blocks: _old, ...rest } = message;
      return replace(withBlockIds({ ...rest, ...changes, editedTs: nextTs() }));
    },
    remove(message) {
      shelf.delete(message);
      pushes.toChannel(message.channel, { type: "message_deleted", channel: message.channel, ts: message.ts });
      refreshParent(message);
    },
    react(message, name, userId, isAdded) {
      const reactions = withReaction(message.reactions ?? [], name, userId, isAdded);
      if (reactions !== undefined) replace({ ...message, reactions });
      return reactions !== undefined;
    },
  };
}

/** The reactions with one more or one fewer; nothing when that changes nothing. */
function withReaction(
  old: readonly Reaction[],
  name: string,
  userId: string,
  isAdded: boolean,
): Reaction[] | undefined {
  const reactions = new Map(old.map((reaction) => [reaction.name, reaction.users]));
  const users = reactions.get(name) ?? [];
  if (users.includes(userId) === isAdded) return undefined;
  reactions.set(name, isAdded ? [...users, userId] : users.filter((id) => id !== userId));
  return [...reactions].filter(([, by]) => by.length > 0).map(([key, by]) => ({ name: key, users: by }));
}

function withBlockIds<T extends { readonly blocks?: readonly Block[] }>(message: T): T {
  return message.blocks === undefined ? message : { ...message, blocks: withIds(message.blocks) };
}
