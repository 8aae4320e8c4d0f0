import type { Faults, Message, WorkspaceState } from "../model.ts";
import type { ThreadId } from "./state.ts";

/** Block id → action id → chosen or typed values. */
export type RawState = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export interface ElementUse {
  readonly blockId: string;
  readonly actionId: string;
  readonly values: readonly string[];
  readonly state: RawState;
}

export interface InteractionResult {
  readonly failure?: string;
  readonly errors?: Readonly<Record<string, string>>;
  /** The workspace's own refusal, in words. */
  readonly error?: string;
}

export type FaultName = keyof Faults | "disconnect";

/** Calls of the workspace's API as one person. */
export interface Api {
  state(): Promise<WorkspaceState>;
  messages(channel: string, before?: string): Promise<{ messages: Message[] }>;
  thread(thread: ThreadId): Promise<{ messages: Message[] }>;
  post(channel: string, text: string, threadTs?: string): Promise<InteractionResult>;
  command(channel: string, text: string): Promise<InteractionResult>;
  use(where: ThreadId | { readonly viewId: string }, use: ElementUse): Promise<InteractionResult>;
  submit(viewId: string, state: RawState): Promise<InteractionResult>;
  close(viewId: string): Promise<InteractionResult>;
  open(tab: "home" | "messages"): Promise<InteractionResult>;
  markRead(channel: string, ts: string): Promise<InteractionResult>;
  react(message: ThreadId, name: string, isAdded: boolean): Promise<InteractionResult>;
  fault(name: FaultName): Promise<InteractionResult>;
}

export function createApi(as: string): Api {
  const get = async <Answer>(path: string, query: Record<string, string>): Promise<Answer> => {
    const response = await fetch(`/workspace${path}?${new URLSearchParams({ as, ...query })}`);
    return (await response.json()) as Answer;
  };
  const post = async <Answer = InteractionResult>(path: string, body: object): Promise<Answer> => {
    const headers = { "content-type": "application/json" };
    try {
      const response = await fetch(`/workspace${path}`, { method: "POST", headers, body: JSON.stringify(body) });
      return (await response.json()) as Answer;
    } catch {
      return { error: "The workspace is not reachable; nothing was sent." } as Answer;
    }
  };
  return {
    state: () => get("/state", {}),
    messages: (channel, before) => get("/messages", { channel, ...(before !== undefined && { before }) }),
    thread: ({ channel, ts }) => get("/thread", { channel, ts }),
    post: (channel, text, threadTs) => post("/messages", { as, channel, text, threadTs }),
    command: (channel, text) => post("/commands", { as, channel, text }),
    use: (where, use) => post("/uses", { as, ...where, use }),
    submit: (viewId, state) => post("/submissions", { as, viewId, state }),
    close: (viewId) => post("/closings", { as, viewId }),
    open: (tab) => post("/openings", { as, tab }),
    markRead: (channel, ts) => post("/reads", { as, channel, ts }),
    react: ({ channel, ts }, name, isAdded) => post("/reactions", { as, channel, ts, name, isAdded }),
    fault: (name) => post("/faults", { name }),
  };
}
