import type { Message, Push, View, WorkspaceState } from "../../local/workspace/model.ts";

type RawState = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** One person at the local workspace, without a browser: does what the page does and waits for what it would show. */
export interface ChatClient {
  readonly personId: string;
  state(): Promise<WorkspaceState>;
  post(channel: string, text: string, threadTs?: string): Promise<Message>;
  /** Resolves when the app acknowledged, or with Slack's name for why it did not. */
  command(channel: string, line: string): Promise<{ failure?: string }>;
  /** Uses a button or select of a message or view. */
  use(
    where: { channel: string; ts: string } | { viewId: string },
    blockId: string,
    actionId: string,
    values?: readonly string[],
  ): Promise<{ failure?: string }>;
  submit(viewId: string, state: RawState): Promise<{ failure?: string; errors?: Record<string, string> }>;
  send(path: string, body: object): Promise<unknown>;
  /** The first push, already arrived or to come, that `isIt` accepts. Each push is found once. */
  next<Found extends Push>(isIt: (push: Push) => push is Found, timeoutMs?: number): Promise<Found>;
  /** The next message that `isIt` accepts, whether new or changed. */
  message(isIt?: (message: Message) => boolean, timeoutMs?: number): Promise<Message>;
  view(timeoutMs?: number): Promise<View>;
  close(): void;
}

export type { Message };

const DEFAULT_TIMEOUT_MS = 10_000;

export async function openChat(workspaceUrl: string, personId: string): Promise<ChatClient> {
  const pushes: Push[] = [];
  const waiters = new Set<() => void>();
  const socket = new WebSocket(`${workspaceUrl.replace("http", "ws")}/workspace/socket?as=${personId}`);
  socket.addEventListener("message", ({ data }) => {
    pushes.push(JSON.parse(String(data)) as Push);
    for (const look of waiters) look();
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve, { once: true });
    socket.addEventListener("error", reject, { once: true });
  });

  const send = async (path: string, body: object): Promise<unknown> => {
    const response = await fetch(`${workspaceUrl}/workspace${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ as: personId, ...body }),
    });
    return response.json();
  };
  const next = <Found extends Push>(
    isIt: (push: Push) => push is Found,
    timeoutMs = DEFAULT_TIMEOUT_MS,
  ): Promise<Found> => {
    const { promise, resolve, reject } = Promise.withResolvers<Found>();
    const look = () => {
      const index = pushes.findIndex(isIt);
      if (index === -1) return;
      const [found] = pushes.splice(index, 1) as [Found];
      end();
      resolve(found);
    };
    const timer = setTimeout(() => {
      end();
      reject(new TypeError(`No such push within ${timeoutMs} ms; seen: ${JSON.stringify(pushes).slice(0, 2000)}`));
    }, timeoutMs);
    const end = () => {
      waiters.delete(look);
      clearTimeout(timer);
    };
    waiters.add(look);
    look();
    return promise;
  };
  const isMessage = (push: Push): push is Extract<Push, { message: Message }> =>
    push.type === "message" || push.type === "message_changed";

  return {
    personId,
    send,
    next,
    state: async () =>
      (await fetch(`${workspaceUrl}/workspace/state?as=${personId}`)).json() as Promise<WorkspaceState>,
    post: async (channel, text, threadTs) => {
      const answer = await send("/messages", { channel, text, ...(threadTs !== undefined && { threadTs }) });
      return (answer as { message: Message }).message;
    },
    command: async (channel, text) => (await send("/commands", { channel, text })) as { failure?: string },
    use: async (where, blockId, actionId, values = []) =>
      (await send("/uses", { ...where, use: { blockId, actionId, values, state: {} } })) as { failure?: string },
    submit: async (viewId, state) => (await send("/submissions", { viewId, state })) as { failure?: string },
    message: async (isIt = () => true, timeoutMs) => {
      const push = await next(
        (one): one is Extract<Push, { message: Message }> => isMessage(one) && isIt(one.message),
        timeoutMs,
      );
      return push.message;
    },
    view: async (timeoutMs) => {
      const isShown = (push: Push): push is Extract<Push, { type: "views" }> =>
        push.type === "views" && push.views.length > 0;
      const top = (await next(isShown, timeoutMs)).views.at(-1);
      if (top === undefined) throw new TypeError("unreachable: the push was chosen for having a view");
      return top;
    },
    close: () => socket.close(),
  };
}
