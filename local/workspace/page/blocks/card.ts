import type { CardBlock } from "@slack/types";
import type { VNode } from "preact";
import { Button } from "../elements/button.ts";
import { html } from "../html.ts";
import { PlainOrMrkdwn } from "./text-object.ts";

export function Card({ block }: { block: CardBlock }): VNode {
  const { title, subtitle, body, actions = [], block_id: blockId = "" } = block;
  return html`<div class="card">
    ${title && html`<div class="card-title"><${PlainOrMrkdwn} text=${title} /></div>`}
    ${subtitle && html`<div class="card-subtitle"><${PlainOrMrkdwn} text=${subtitle} /></div>`}
    ${body && html`<${PlainOrMrkdwn} text=${body} />`}
    ${actions.length > 0 && html`<div class="actions">${actions.map((element) => html`<${Button} blockId=${blockId} element=${element} />`)}</div>`}
  </div>`;
}
