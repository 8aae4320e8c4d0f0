import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Composer } from "./composer.ts";
import { usePage } from "./context.ts";
import { html } from "./html.ts";
import { MessageList } from "./message-list.ts";
import { toTyped } from "./names.ts";
import { type ThreadId, threadMessages } from "./state.ts";
import { WorkingLine } from "./working-line.ts";

const NO_COMMANDS = { error: "Slash commands do not work in threads, as in Slack. Mention the bot instead." };

/** One thread, beside its channel. */
export function ThreadPanel({ thread }: { thread: ThreadId }): VNode {
  const { state, api, openThread, notify } = usePage();
  const { me, channels } = state.workspace;
  const messages = threadMessages(state, thread);
  const [draft, setDraft] = useState<{ readonly text: string } | null>(null);
  const channel = channels.find(({ id }) => id === thread.channel);
  const close = () => openThread(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && document.querySelector("dialog[open]") === null && !event.defaultPrevented) close();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  const send = async (text: string) => {
    const { error } = text.startsWith("/") ? NO_COMMANDS : await api.post(thread.channel, text, thread.ts);
    if (error === undefined) return;
    notify(error);
    setDraft({ text });
  };
  const own = messages.filter(({ author }) => author === me.id).map(({ text }) => toTyped(text, state.workspace));
  return html`<aside class="thread" data-testid="thread" aria-label="Thread">
    <header class="bar">
      <div><h2>Thread</h2><p class="bar-topic">${channel?.kind === "im" ? channel.name : `#${channel?.name ?? ""}`}</p></div>
      <button type="button" class="button icon-button" aria-label="Close thread" onClick=${close}>✕</button>
    </header>
    <div class="conversation">
      <${MessageList} key=${thread.ts} label="Messages in thread" messages=${messages} isThread me=${me.id} />
      <${WorkingLine} channel=${thread.channel} threadTs=${thread.ts} />
      <${Composer} key=${thread.ts} label="Reply in thread" sent=${own} onSend=${send} draft=${draft} />
    </div>
  </aside>`;
}
