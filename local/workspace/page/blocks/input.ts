import type { InputBlock } from "@slack/types";
import type { VNode } from "preact";
import { Element } from "../elements/element.ts";
import { useHost } from "../elements/host.ts";
import { html } from "../html.ts";
import { plain } from "./text-object.ts";

const GROUPS = new Set(["radio_buttons", "checkboxes", "multi_static_select"]);

/** A labelled input of a form, with its hint and what is wrong with it. */
export function Input({ block }: { block: InputBlock }): VNode {
  const { errors } = useHost();
  const { block_id: blockId = "", label, hint, optional, element } = block;
  const error = errors[blockId];
  const isGroup = GROUPS.has(element.type);
  const head = html`<span class="input-label">${plain(label)}${optional === true && html`<span class="input-optional"> (optional)</span>`}</span>`;
  const body = html`<${Element} blockId=${blockId} element=${element} isInput />`;
  return html`<div class="input ${error === undefined ? "" : "has-error"}">
    ${isGroup ? html`<fieldset><legend>${head}</legend>${body}</fieldset>` : html`<label>${head}${body}</label>`}
    ${error !== undefined && html`<p class="input-error" role="alert">${error}</p>`}
    ${hint && html`<p class="input-hint">${plain(hint)}</p>`}
  </div>`;
}
