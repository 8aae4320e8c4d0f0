import type { Button as SlackButton } from "@slack/types";
import type { VNode } from "preact";
import { plain } from "../blocks/text-object.ts";
import { html } from "../html.ts";
import { isSafeUrl } from "../text/inline.ts";
import { useConfirm } from "./confirm.ts";
import { useHost } from "./host.ts";

export function Button({ blockId, element }: { blockId: string; element: SlackButton }): VNode {
  const host = useHost();
  const { url, style = "" } = element;
  const { request, dialog } = useConfirm(element.confirm, () => {
    if (url !== undefined && isSafeUrl(url)) window.open(url, "_blank", "noopener");
    host.use(blockId, String(element.action_id), []);
  });
  return html`<span class="element">
    <button
      type="button"
      class="button ${style}"
      disabled=${host.isBusy}
      aria-label=${element.accessibility_label ?? plain(element.text)}
      onClick=${() => request()}
    >
      ${plain(element.text)}${url !== undefined && html`<span class="button-hint" aria-hidden="true"> ↗</span>`}
    </button>
    ${dialog}
  </span>`;
}
