import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Channel } from "../model.ts";
import { Composer } from "./composer.ts";
import { usePage } from "./context.ts";
import { EmptyChannel } from "./empty-channel.ts";
import { html } from "./html.ts";
import { MessageList } from "./message-list.ts";
import { toTyped } from "./names.ts";
import { channelMessages, isUnread } from "./state.ts";
import { WorkingLine } from "./working-line.ts";

export interface ChannelViewProps {
  readonly channel: Channel;
  readonly draft: { readonly text: string } | null;
  readonly onLoadOlder: () => void;
}

/** A channel's messages and its composer. */
export function ChannelView({ channel, draft, onLoadOlder }: ChannelViewProps): VNode {
  const { state, api, notify, suggest } = usePage();
  const me = state.workspace.me.id;
  const messages = channelMessages(state, channel.id);
  // What arrives while one looks is not marked as new.
  const readTs = useMemo(() => (isUnread(state, channel.id) ? state.readMarks[channel.id] : undefined), [channel.id]);
  const [commands, setCommands] = useState<readonly string[]>([]);
  useMarkRead(channel.id);

  const send = async (text: string) => {
    const isCommand = text.startsWith("/");
    if (isCommand) setCommands([...commands, text]);
    // What goes wrong with a command is told in the channel, to this person only; here it is what was not sent at all.
    const { error } = await (isCommand ? api.command(channel.id, text) : api.post(channel.id, text));
    if (error === undefined) return;
    notify(error);
    suggest(text);
  };
  const own = messages.filter((message) => message.author === me).map(({ text }) => toTyped(text, state.workspace));
  const label = channel.kind === "im" ? `Message ${channel.name}` : `Message #${channel.name}`;
  const isFromStart = state.loaded[channel.id]?.hasOlder === false;
  return html`<div class="conversation">
    <${MessageList}
      key=${channel.id}
      label="Messages in ${channel.name}"
      messages=${messages}
      isThread=${false}
      me=${me}
      readTs=${readTs}
      onReachStart=${onLoadOlder}
      before=${isFromStart && html`<${EmptyChannel} channel=${channel} isCompact=${messages.length > 0} />`}
    />
    <${WorkingLine} channel=${channel.id} />
    <${Composer} key=${channel.id} label=${label} sent=${[...own, ...commands]} onSend=${send} draft=${draft} />
  </div>`;
}

/** What is in front of the reader is read. */
function useMarkRead(channel: string): void {
  const { state, api, markRead } = usePage();
  const latest = state.latest[channel];
  useEffect(() => {
    if (latest === undefined || latest <= (state.readMarks[channel] ?? "") || document.hidden) return;
    markRead(channel, latest);
    void api.markRead(channel, latest);
  }, [channel, latest]);
}
