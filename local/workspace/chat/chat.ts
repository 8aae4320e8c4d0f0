import { withIds } from "../blocks/block-ids.ts";
import type { Identities } from "../identities.ts";
import type { Block, Message } from "../model.ts";
import type { MessageStore } from "../store/message-store.ts";
import type { Pushes } from "./pushes.ts";

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
  /** Finds kept messages and, in this process, those for one person only. */
  find(channel: string, ts: string): Message | undefined;
  /** Shows what the bot is doing about a thread; an empty text ends it, and so does its next message there. */
  setStatus(channel: string, threadTs: string, text: string): void;
}

/** Messages for one person are not kept on disk; this many stay known to their buttons. */
const MAX_EPHEMERAL = 500;

export function createChat(deps: ChatDeps): Chat {
  const ephemeral = new Map<string, Message>();
  /** Channel → threads that the bot says it works on. */
  const working = new Map<string, Set<string>>();
  const { messages, pushes } = deps;

  const setStatus = (channel: string, threadTs: string, text: string) => {
    const threads = working.get(channel) ?? new Set();
    if (text === "") threads.delete(threadTs);
    else threads.add(threadTs);
    working.set(channel, threads);
    pushes.toChannel(channel, { type: "status", channel, threadTs, text });
  };
  const endStatuses = ({ channel, threadTs }: Message) => {
    for (const ts of working.get(channel) ?? []) if ((threadTs ?? ts) === ts) setStatus(channel, ts, "");
  };
  const keep = (message: Message) => {
    if (message.onlyFor === undefined) return messages.save(message);
    ephemeral.set(message.ts, message);
    const oldest = ephemeral.keys().next().value;
    if (ephemeral.size > MAX_EPHEMERAL && oldest !== undefined) ephemeral.delete(oldest);
  };
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
    keep(message);
    announce("message_changed", message);
    return message;
  };
  const find = (channel: string, ts: string) => {
    const own = ephemeral.get(ts);
    return own?.channel === channel ? own : messages.find(channel, ts);
  };

  return {
    find,
    setStatus,
    post(draft) {
      const message: Message = { ...withBlockIds(draft), ts: deps.nextTs() };
      keep(message);
      if (message.author === deps.identities.bot.id) endStatuses(message);
      announce("message", message);
      refreshParent(message);
      return message;
    },
    change(message, changes) {
      const { blocks: _old, ...rest } = message;
      return replace(withBlockIds({ ...rest, ...changes, editedTs: deps.nextTs() }));
    },
    remove(message) {
      ephemeral.delete(message.ts);
      messages.delete(message.channel, message.ts);
      pushes.toChannel(message.channel, { type: "message_deleted", channel: message.channel, ts: message.ts });
      refreshParent(message);
    },
    react(message, name, userId, isAdded) {
      const reactions = new Map((message.reactions ?? []).map((reaction) => [reaction.name, reaction.users]));
      const users = reactions.get(name) ?? [];
      if (users.includes(userId) === isAdded) return false;
      const left = isAdded ? [...users, userId] : users.filter((id) => id !== userId);
      if (left.length === 0) reactions.delete(name);
      else reactions.set(name, left);
      replace({ ...message, reactions: [...reactions].map(([key, by]) => ({ name: key, users: by })) });
      return true;
    },
  };
}

function withBlockIds<T extends { readonly blocks?: readonly Block[] }>(message: T): T {
  return message.blocks === undefined ? message : { ...message, blocks: withIds(message.blocks) };
}
