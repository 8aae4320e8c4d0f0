import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { BlockHost } from "./block-host.ts";
import { usePage } from "./context.ts";
import { html } from "./html.ts";

/** The app's home tab, which the app fills when it is opened. */
export function HomeView(): VNode {
  const { state, api } = usePage();
  const { home, workspace } = state;
  useEffect(() => void api.open("home"), []);
  return html`<div class="home" role="region" aria-label="${workspace.bot.name} home">
    ${
      home === null
        ? html`<section class="empty"><h2>Nothing here yet</h2><p>${workspace.bot.name} has not filled its home tab. Is it running?</p></section>`
        : html`<${BlockHost} key=${home.hash} blocks=${home.definition.blocks} where=${{ viewId: home.id }} />`
    }
  </div>`;
}
