import type { Message, Prompt, Push, View, WorkspaceState } from "../model.ts";

/** Where the person is. */
export type Place = { readonly kind: "channel"; readonly id: string } | { readonly kind: "home" };

export interface ThreadId {
  readonly channel: string;
  readonly ts: string;
}

/** What the page knows. Messages of a channel and of its threads lie together, oldest first. */
export interface PageState {
  readonly workspace: WorkspaceState;
  readonly messages: Readonly<Record<string, readonly Message[]>>;
  /** What is loaded of each channel itself; a thread may have brought older messages beside it. */
  readonly loaded: Readonly<Record<string, { readonly oldestTs: string; readonly hasOlder: boolean }>>;
  /** Channel → thread → what the bot says it does there. */
  readonly statuses: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly prompts: Readonly<Record<string, { readonly title: string; readonly prompts: readonly Prompt[] }>>;
  readonly views: readonly View[];
  readonly home: View | null;
  readonly sockets: number;
  readonly readMarks: Readonly<Record<string, string>>;
  readonly latest: Readonly<Record<string, string>>;
}

export type Change =
  | Push
  | {
      readonly type: "loaded";
      readonly channel: string;
      readonly messages: readonly Message[];
      readonly hasOlder: boolean;
    }
  | { readonly type: "thread_loaded"; readonly channel: string; readonly messages: readonly Message[] }
  | { readonly type: "read"; readonly channel: string; readonly ts: string };

export function initialState(workspace: WorkspaceState): PageState {
  const { views, home, sockets, readMarks, latest } = workspace;
  return { workspace, messages: {}, loaded: {}, statuses: {}, prompts: {}, views, home, sockets, readMarks, latest };
}

/** The next state; pure. */
export function reduce(state: PageState, change: Change): PageState {
  switch (change.type) {
    case "message":
      return withLatest(withMessages(state, change.message.channel, [change.message]), change.message);
    case "message_changed":
      return withMessages(state, change.message.channel, [change.message]);
    case "message_deleted": {
      const left = messagesOf(state, change.channel).filter(({ ts }) => ts !== change.ts);
      return { ...state, messages: { ...state.messages, [change.channel]: left } };
    }
    case "loaded": {
      const { channel, messages, hasOlder } = change;
      const oldestTs = messages[0]?.ts ?? state.loaded[channel]?.oldestTs ?? "";
      return {
        ...withMessages(state, channel, messages),
        loaded: { ...state.loaded, [channel]: { oldestTs, hasOlder } },
      };
    }
    case "thread_loaded":
      return withMessages(state, change.channel, change.messages);
    case "status":
      return { ...state, statuses: { ...state.statuses, [change.channel]: withStatus(state, change) } };
    case "prompts":
      return { ...state, prompts: { ...state.prompts, [change.channel]: change } };
    case "views":
      return { ...state, views: change.views };
    case "home":
      return { ...state, home: change.view };
    case "app":
      return { ...state, sockets: change.sockets };
    case "read":
      return { ...state, readMarks: { ...state.readMarks, [change.channel]: change.ts } };
  }
}

function withMessages(state: PageState, channel: string, changed: readonly Message[]): PageState {
  const byTs = new Map(messagesOf(state, channel).map((message) => [message.ts, message]));
  for (const message of changed) byTs.set(message.ts, message);
  const sorted = [...byTs.values()].sort((a, b) => (a.ts < b.ts ? -1 : 1));
  return { ...state, messages: { ...state.messages, [channel]: sorted } };
}

function withStatus(state: PageState, { channel, threadTs, text }: Change & { readonly type: "status" }) {
  const { [threadTs]: _ended, ...others } = state.statuses[channel] ?? {};
  return text === "" ? others : { ...others, [threadTs]: text };
}

function withLatest(state: PageState, { channel, ts, onlyFor }: Message): PageState {
  return onlyFor === undefined ? { ...state, latest: { ...state.latest, [channel]: ts } } : state;
}

function messagesOf(state: PageState, channel: string): readonly Message[] {
  return state.messages[channel] ?? [];
}

/** What stands in the channel itself: no replies but those that were broadcast, and nothing from before what is loaded. */
export function channelMessages(state: PageState, channel: string): readonly Message[] {
  const { oldestTs = "", hasOlder = false } = state.loaded[channel] ?? {};
  return messagesOf(state, channel).filter(({ ts, threadTs, isBroadcast }) => {
    const isReply = threadTs !== undefined && threadTs !== ts && isBroadcast !== true;
    return !isReply && (!hasOlder || ts >= oldestTs);
  });
}

/** A thread with its first message. */
export function threadMessages(state: PageState, { channel, ts }: ThreadId): readonly Message[] {
  return messagesOf(state, channel).filter((message) => message.ts === ts || message.threadTs === ts);
}

export function isUnread(state: PageState, channel: string): boolean {
  return (state.latest[channel] ?? "") > (state.readMarks[channel] ?? "");
}
