import type { ContainerBlock } from "@slack/types";
import type { ComponentChildren, VNode } from "preact";
import { html } from "../html.ts";
import { RichText } from "./rich-text.ts";
import { PlainOrMrkdwn, plain } from "./text-object.ts";

/** A framed group of blocks with a title, which may fold. */
export function Container({ block, children }: { block: ContainerBlock; children: ComponentChildren }): VNode {
  const { title, rich_text_title: richTitle, subtitle } = block;
  const head = html`<div class="container-head">
    <strong>${title ? plain(title) : richTitle && html`<${RichText} block=${richTitle} />`}</strong>
    ${subtitle && html`<small><${PlainOrMrkdwn} text=${subtitle} /></small>`}
  </div>`;
  if (block.is_collapsible !== true)
    return html`<div class="container">${head}<div class="container-body">${children}</div></div>`;
  return html`<details class="container" open=${block.default_collapsed !== true}>
    <summary>${head}</summary>
    <div class="container-body">${children}</div>
  </details>`;
}
