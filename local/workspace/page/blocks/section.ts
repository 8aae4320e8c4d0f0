import type { SectionBlock } from "@slack/types";
import type { VNode } from "preact";
import { Element } from "../elements/element.ts";
import { html } from "../html.ts";
import { PlainOrMrkdwn } from "./text-object.ts";

export function Section({ block }: { block: SectionBlock }): VNode {
  const { text, fields, accessory, block_id: blockId = "" } = block;
  return html`<div class="section">
    <div class="section-text">
      ${text && html`<${PlainOrMrkdwn} text=${text} />`}
      ${fields && html`<div class="fields">${fields.map((field) => html`<div class="field-cell"><${PlainOrMrkdwn} text=${field} /></div>`)}</div>`}
    </div>
    ${accessory && html`<div class="accessory"><${Element} blockId=${blockId} element=${accessory} /></div>`}
  </div>`;
}
