/** What the workspace's server and its page both speak. Types only: the page loads no code from here. */

/** A Block Kit block as an app posted it, after validation. */
export interface Block {
  readonly type: string;
  readonly block_id?: string;
  readonly [property: string]: unknown;
}

export interface Person {
  /** `U0ADA`. */
  readonly id: string;
  /** `ada`. */
  readonly name: string;
  /** `Ada Park`. */
  readonly realName: string;
  readonly email: string;
  readonly title: string;
  /** IANA name. */
  readonly timeZone: string;
}

export interface Channel {
  /** `C0GENERAL`, or `D0ADA` for a person's direct messages with the bot. */
  readonly id: string;
  readonly name: string;
  readonly kind: "channel" | "im";
  readonly topic: string;
  /** Whether people of another company read it too (Slack Connect). */
  readonly isShared: boolean;
  /** The one person of a direct-message channel. */
  readonly personId?: string;
}

export interface Reaction {
  readonly name: string;
  readonly users: readonly string[];
}

export interface SharedFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly mimeType: string;
  readonly bytes: number;
}

export interface Message {
  readonly channel: string;
  /** Slack's time stamp, also the message's id within its channel: `1795459200.000100`. */
  readonly ts: string;
  /** Who wrote it: a person's id, or the bot's user id. */
  readonly author: string;
  /** mrkdwn; the fallback when there are blocks. */
  readonly text: string;
  readonly blocks?: readonly Block[];
  /** The first message of the thread that this one belongs to. */
  readonly threadTs?: string;
  /** A thread reply that is shown in the channel as well. */
  readonly isBroadcast?: boolean;
  readonly editedTs?: string;
  readonly reactions?: readonly Reaction[];
  readonly files?: readonly SharedFile[];
  readonly metadata?: unknown;
  /** Set for a message that only this person sees and that is not kept. */
  readonly onlyFor?: string;
  /** The thread under this message, if it has one. */
  readonly thread?: ThreadSummary;
}

export interface ThreadSummary {
  readonly replies: number;
  readonly latestTs: string;
  readonly authors: readonly string[];
}

/** The state of the inputs of a view or message, as Slack nests it: block id, then action id. */
export type InputState = Readonly<Record<string, Readonly<Record<string, InputValue>>>>;

export interface InputValue {
  readonly type: string;
  readonly [property: string]: unknown;
}

/** A modal or home tab as the app defined it, with what the workspace keeps beside it. */
export interface View {
  readonly id: string;
  readonly type: "modal" | "home";
  /** Changes with each update; `views.update` and `views.publish` may ask for it. */
  readonly hash: string;
  readonly personId: string;
  /** The app's own object: `title`, `blocks`, `submit`, `close`, `private_metadata`, `callback_id`, … */
  readonly definition: ViewDefinition;
  /** The view beneath this one. */
  readonly previousId?: string;
  readonly rootId: string;
}

interface PlainText {
  readonly type: "plain_text";
  readonly text: string;
}

export interface ViewDefinition {
  readonly type: "modal" | "home";
  readonly blocks: readonly Block[];
  readonly title?: PlainText;
  readonly submit?: PlainText;
  readonly close?: PlainText;
  readonly callback_id?: string;
  readonly external_id?: string;
  readonly private_metadata?: string;
  readonly clear_on_close?: boolean;
  readonly notify_on_close?: boolean;
  readonly submit_disabled?: boolean;
}

export interface SlashCommand {
  /** With its slash: `/stats`. */
  readonly command: string;
  readonly description: string;
  readonly usageHint: string;
}

/** Something happened: what the server tells the page, in order. */
export type Push =
  | { readonly type: "message"; readonly message: Message }
  | { readonly type: "message_changed"; readonly message: Message }
  | { readonly type: "message_deleted"; readonly channel: string; readonly ts: string }
  | { readonly type: "status"; readonly channel: string; readonly threadTs: string; readonly text: string }
  | { readonly type: "views"; readonly views: readonly View[] }
  | { readonly type: "home"; readonly view: View }
  | { readonly type: "prompts"; readonly channel: string; readonly title: string; readonly prompts: readonly Prompt[] }
  | { readonly type: "app"; readonly sockets: number };

export interface Prompt {
  readonly title: string;
  readonly message: string;
}

/** Everything that the page needs to begin as one person. */
export interface WorkspaceState {
  readonly team: { readonly id: string; readonly name: string };
  readonly me: Person;
  readonly people: readonly Person[];
  readonly bot: { readonly id: string; readonly name: string };
  readonly channels: readonly Channel[];
  readonly commands: readonly SlashCommand[];
  /** Questions for the empty channels. */
  readonly examples: readonly string[];
  /** How many Socket Mode connections the app has open. */
  readonly sockets: number;
  /** Per channel: the newest message that this person has seen. */
  readonly readMarks: Readonly<Record<string, string>>;
  /** Per channel: its newest message, if it has one. */
  readonly latest: Readonly<Record<string, string>>;
  readonly home: View | null;
  readonly views: readonly View[];
}

/** Misbehaviour for fault tests, each used up when it strikes. */
export interface Faults {
  /** How many of the next envelopes are delivered twice. */
  readonly duplicates: number;
  /** How many of the next acknowledgements are taken too late. */
  readonly lateAcks: number;
  /** How many of the next Web API calls are answered with 429. */
  readonly rateLimits: number;
}
