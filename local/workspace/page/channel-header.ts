import type { VNode } from "preact";
import { Avatar } from "./avatar.ts";
import { usePage } from "./context.ts";
import { html } from "./html.ts";
import { authorOf } from "./names.ts";

/** Name and topic of the place; the two tabs of the bot; who is here. */
export function ChannelHeader({ onMenu }: { onMenu: () => void }): VNode {
  const { state, place } = usePage();
  const { channels, bot, people } = state.workspace;
  const channel = place.kind === "channel" ? channels.find(({ id }) => id === place.id) : undefined;
  const isBot = channel === undefined || channel.kind === "im";
  return html`<header class="bar">
    <button type="button" class="button icon-button menu-button" aria-label="Show channels" onClick=${onMenu}>☰</button>
    <div class="bar-title">
      <h1>${isBot ? html`<${Avatar} author=${authorOf(bot.id, state.workspace)} size="small" />${bot.name}` : `#${channel.name}`}</h1>
      ${!isBot && html`<p class="bar-topic">${channel.topic}${channel.isShared && html` <span class="badge">Shared with another company</span>`}</p>`}
    </div>
    ${
      isBot
        ? html`<${Tabs} />`
        : html`<div class="faces" role="img" aria-label="${people.length} people">
        ${people.map(({ id }) => html`<${Avatar} key=${id} author=${authorOf(id, state.workspace)} size="small" />`)}
      </div>`
    }
  </header>`;
}

function Tabs(): VNode {
  const { state, place, goTo } = usePage();
  const direct = state.workspace.channels.find(({ kind }) => kind === "im");
  const toMessages = () => direct !== undefined && goTo({ kind: "channel", id: direct.id });
  return html`<div class="tabs" role="tablist" aria-label="${state.workspace.bot.name}">
    <button type="button" role="tab" aria-selected=${place.kind === "home"} onClick=${() => goTo({ kind: "home" })}>Home</button>
    <button type="button" role="tab" aria-selected=${place.kind === "channel"} onClick=${toMessages}>Messages</button>
  </div>`;
}
