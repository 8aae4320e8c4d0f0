import type { VNode } from "preact";
import { html } from "../html.ts";
import { Image, type SlackImage } from "./image.ts";
import { PlainOrMrkdwn, type TextObject } from "./text-object.ts";

export interface SlackContext {
  readonly elements: readonly (TextObject | (SlackImage & { readonly type: "image" }))[];
}

export function Context({ block }: { block: SlackContext }): VNode {
  const view = (element: SlackContext["elements"][number]) =>
    element.type === "image" ? html`<${Image} element=${element} />` : html`<${PlainOrMrkdwn} text=${element} />`;
  return html`<div class="context">${block.elements.map(view)}</div>`;
}
