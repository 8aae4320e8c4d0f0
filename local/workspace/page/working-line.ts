import type { VNode } from "preact";
import { usePage } from "./context.ts";
import { html } from "./html.ts";

/** `stats is counting…`: what the bot says it does, in this channel or in one thread of it. */
export function WorkingLine({ channel, threadTs }: { channel: string; threadTs?: string }): VNode {
  const { state } = usePage();
  const statuses = state.statuses[channel] ?? {};
  const text = threadTs === undefined ? Object.values(statuses).at(-1) : statuses[threadTs];
  return html`<div class="working" role="status" data-testid="working">
    ${text !== undefined && html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span><strong>${state.workspace.bot.name}</strong> ${text}`}
  </div>`;
}
