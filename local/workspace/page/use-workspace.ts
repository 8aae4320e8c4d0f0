import { useCallback, useEffect, useReducer, useState } from "preact/hooks";
import type { Push, WorkspaceState } from "../model.ts";
import type { Api } from "./api.ts";
import { listenLive } from "./live.ts";
import { type Change, initialState, type PageState, reduce, type ThreadId } from "./state.ts";

/** A full page means that there may be older messages. */
const PAGE_SIZE = 60;

type Action = Change | { readonly type: "opened"; readonly workspace: WorkspaceState };

function step(state: PageState | null, action: Action): PageState | null {
  // After a lost connection the old messages stay in view until they are loaded anew.
  if (action.type === "opened") return { ...initialState(action.workspace), messages: state?.messages ?? {} };
  return state === null ? null : reduce(state, action);
}

/** The workspace as it is now: loaded at first and after each lost connection, and kept current by pushes. */
export function useWorkspace(api: Api, personId: string) {
  const [state, dispatch] = useReducer<PageState | null, Action>(step, null);
  const [isLive, setLive] = useState(true);
  const loadChannel = useCallback(
    async (channel: string, before?: string) => {
      const { messages } = await api.messages(channel, before);
      dispatch({ type: "loaded", channel, messages, hasOlder: messages.length === PAGE_SIZE });
    },
    [api],
  );
  const loadThread = useCallback(
    async (thread: ThreadId) => {
      const { messages } = await api.thread(thread);
      dispatch({ type: "thread_loaded", channel: thread.channel, messages });
    },
    [api],
  );
  useEffect(() => {
    // What is pushed while the state is on its way is newer than it, and would be lost under it.
    let held: Push[] | null = null;
    const onPush = (push: Push) => (held === null ? dispatch(push) : void held.push(push));
    const onOpen = async () => {
      const mine: Push[] = [];
      held = mine;
      const workspace = await api.state();
      if (held !== mine) return;
      held = null;
      dispatch({ type: "opened", workspace });
      for (const push of mine) dispatch(push);
      setLive(true);
    };
    return listenLive(personId, onPush, onOpen, () => setLive(false));
  }, [api]);
  const markRead = (channel: string, ts: string) => dispatch({ type: "read", channel, ts });
  return { state, isLive, loadChannel, loadThread, markRead };
}
