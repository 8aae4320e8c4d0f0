import type { ComponentChildren, VNode } from "preact";
import type { Channel } from "../model.ts";
import { usePage } from "./context.ts";
import { DeveloperPanel } from "./developer-panel.ts";
import { html } from "./html.ts";
import { PersonMenu } from "./person-menu.ts";
import { sign } from "./signs.ts";
import { isUnread } from "./state.ts";

export function Sidebar({ onSwitch }: { onSwitch: (personId: string) => void }): VNode {
  const { state } = usePage();
  const { team, channels, bot } = state.workspace;
  const isConnected = state.sockets > 0;
  const presence = html`<span class="presence ${isConnected ? "on" : ""}" title=${isConnected ? "Connected" : "Not connected"}></span>`;
  return html`<nav class="sidebar" aria-label="Workspace">
    <header class="brand">
      <span class="brand-sign" aria-hidden="true">${sign("gate", 21)}</span>
      <div><strong>${team.name}</strong><small>Gatehouse local workspace</small></div>
    </header>
    <div class="places">
      <${Group} title="Channels">${channels.filter(({ kind }) => kind === "channel").map(channelItem("#"))}<//>
      <${Group} title="Direct messages">${channels.filter(({ kind }) => kind === "im").map(channelItem(presence))}<//>
      <${Group} title="Apps"><${HomeItem} name=${bot.name} /><//>
    </div>
    <footer class="sidebar-foot"><${DeveloperPanel} /><${PersonMenu} onSwitch=${onSwitch} /></footer>
  </nav>`;
}

function Group({ title, children }: { title: string; children?: ComponentChildren }): VNode {
  return html`<section class="group"><h2>${title}</h2><ul>${children}</ul></section>`;
}

function channelItem(mark: ComponentChildren) {
  return (channel: Channel): VNode => html`<${ChannelItem} key=${channel.id} channel=${channel} mark=${mark} />`;
}

function ChannelItem({ channel, mark }: { channel: Channel; mark: ComponentChildren }): VNode {
  const { state, place, goTo } = usePage();
  const isHere = place.kind === "channel" && place.id === channel.id;
  const isNew = !isHere && isUnread(state, channel.id);
  return html`<li>
    <button
      type="button"
      class="place ${isNew ? "unread" : ""}"
      aria-current=${isHere ? "page" : undefined}
      onClick=${() => goTo({ kind: "channel", id: channel.id })}
    >
      <span class="place-sign" aria-hidden="true">${mark}</span>${channel.name}
      ${isNew && html`<span class="unread-dot" role="img" aria-label="unread"></span>`}
    </button>
  </li>`;
}

function HomeItem({ name }: { name: string }): VNode {
  const { place, goTo } = usePage();
  return html`<li>
    <button type="button" class="place" aria-current=${place.kind === "home" ? "page" : undefined} onClick=${() => goTo({ kind: "home" })}>
      <span class="place-sign" aria-hidden="true">${sign("home", 15)}</span>${name} home
    </button>
  </li>`;
}
