import type { Message, Prompt, Push, View, WorkspaceState } from "../model.ts";

/** Where the person is. */
export type Place = { readonly kind: "channel"; readonly id: string } | { readonly kind: "home" };

export interface ThreadId {
  readonly channel: string;
  readonly ts: string;
}

export interface Status {
  readonly threadTs: string;
  readonly text: string;
}

/** What the page knows. Messages of a channel and of its threads lie together, oldest first. */
export interface PageState {
  readonly workspace: WorkspaceState;
  readonly messages: Readonly<Record<string, readonly Message[]>>;
  /** Channels whose first page is loaded, and whether older messages exist. */
  readonly hasOlder: Readonly<Record<string, boolean>>;
  readonly statuses: Readonly<Record<string, Status>>;
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
  return { workspace, messages: {}, hasOlder: {}, statuses: {}, prompts: {}, views, home, sockets, readMarks, latest };
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
      const loaded = withMessages(state, change.channel, change.messages);
      return { ...loaded, hasOlder: { ...state.hasOlder, [change.channel]: change.hasOlder } };
    }
    case "thread_loaded":
      return withMessages(state, change.channel, change.messages);
    case "status":
      return { ...state, statuses: { ...state.statuses, [change.channel]: change } };
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

function withLatest(state: PageState, { channel, ts, onlyFor }: Message): PageState {
  return onlyFor === undefined ? { ...state, latest: { ...state.latest, [channel]: ts } } : state;
}

function messagesOf(state: PageState, channel: string): readonly Message[] {
  return state.messages[channel] ?? [];
}

/** What stands in the channel itself: no replies but those that were broadcast. */
export function channelMessages(state: PageState, channel: string): readonly Message[] {
  return messagesOf(state, channel).filter(
    ({ ts, threadTs, isBroadcast }) => threadTs === undefined || threadTs === ts || isBroadcast === true,
  );
}

/** A thread with its first message. */
export function threadMessages(state: PageState, { channel, ts }: ThreadId): readonly Message[] {
  return messagesOf(state, channel).filter((message) => message.ts === ts || message.threadTs === ts);
}

export function isUnread(state: PageState, channel: string): boolean {
  return (state.latest[channel] ?? "") > (state.readMarks[channel] ?? "");
}
