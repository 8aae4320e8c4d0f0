import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { createApi } from "./api.ts";
import { ChannelHeader } from "./channel-header.ts";
import { ChannelView } from "./channel-view.ts";
import { type Page, PageContext } from "./context.ts";
import { HomeView } from "./home-view.ts";
import { html } from "./html.ts";
import { Modal } from "./modal.ts";
import { useNotice } from "./notice.ts";
import { Sidebar } from "./sidebar.ts";
import { ThreadPanel } from "./thread-panel.ts";
import { usePlace } from "./use-place.ts";
import { useTitle } from "./use-title.ts";
import { useWorkspace } from "./use-workspace.ts";

/** The page as one person; keyed by the person, so that a switch begins afresh. */
export function App({ personId, onSwitch }: { personId: string; onSwitch: (personId: string) => void }): VNode {
  const api = useMemo(() => createApi(personId), [personId]);
  const workspace = useWorkspace(api, personId);
  const { state } = workspace;
  if (state === null) return html`<p class="loading" role="status">Opening the workspace…</p>`;
  return html`<${Shell} ...${{ ...workspace, state, api, onSwitch }} />`;
}

type ShellProps = Omit<ReturnType<typeof useWorkspace>, "state"> &
  Pick<Page, "state" | "api"> & { readonly onSwitch: (personId: string) => void };

function Shell({ state, api, isLive, loadChannel, loadThread, markRead, onSwitch }: ShellProps): VNode {
  const { place, thread, goTo, openThread } = usePlace(state.workspace);
  const [draft, setDraft] = useState<{ readonly text: string } | null>(null);
  const [isMenuOpen, setMenuOpen] = useState(false);
  const { notice, notify } = useNotice();
  useTitle(state, place);
  const channelId = place.kind === "channel" ? place.id : undefined;
  const channel = state.workspace.channels.find(({ id }) => id === channelId);
  useEffect(() => setDraft(null), [channelId]);
  useEffect(() => {
    if (channelId !== undefined && state.loaded[channelId] === undefined) void loadChannel(channelId);
    if (channel?.kind === "im") void api.open("messages");
  }, [channelId, state.workspace]);
  useEffect(() => {
    if (thread !== null) void loadThread(thread);
  }, [thread?.ts, state.workspace]);
  const page: Page = {
    state,
    api,
    place,
    thread,
    goTo(next) {
      setMenuOpen(false);
      goTo(next);
    },
    openThread,
    notify,
    markRead,
    suggest: (text) => setDraft({ text }),
  };
  const top = state.views.at(-1);
  const loadOlder = () => {
    const loaded = channelId === undefined ? undefined : state.loaded[channelId];
    if (channelId !== undefined && loaded?.hasOlder === true) void loadChannel(channelId, loaded.oldestTs);
  };
  return html`<${PageContext.Provider} value=${page}>
    <div class="shell ${thread === null ? "" : "with-thread"} ${isMenuOpen ? "with-menu" : ""}">
      <${Sidebar} onSwitch=${onSwitch} />
      <main class="place-main">
        <${ChannelHeader} onMenu=${() => setMenuOpen(!isMenuOpen)} />
        ${!isLive && html`<p class="offline" role="status">The workspace is not reachable. Trying again…</p>`}
        ${channel === undefined ? html`<${HomeView} />` : html`<${ChannelView} key=${channel.id} channel=${channel} draft=${draft} onLoadOlder=${loadOlder} />`}
      </main>
      ${thread !== null && html`<${ThreadPanel} key=${thread.ts} thread=${thread} />`}
      ${top && html`<${Modal} key=${top.id} view=${top} />`}
      ${notice !== null && html`<p class="notice" role="status">${notice}</p>`}
    </div>
  <//>`;
}
